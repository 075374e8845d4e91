// A C++ program that waits wherever an exception is between being thrown and the end of its handler.
#include "cxxabi.h"

namespace {
class Failure : public std::exception {
public:
  explicit Failure(int code) : _code(code) {}
  ~Failure() override { wait_for(_code + 9); }
  const char *what() const noexcept override { return "it failed, as it should"; }
  int code() const { return _code; }

private:
  int _code;
};

class BadFailure : public Failure {
public:
  using Failure::Failure;
};

struct Local {
  int number;
  ~Local() { wait_for(number); }
};

template <typename T> [[gnu::noinline]] void fail(T value) {
  wait_for(1);
  throw value;
}
}

// Under a call that an exception can end; in a destructor while it unwinds; in its handler; in the destructor of the exception.
extern "C" EXPORT(destructor) int destructor(int base) {
  try {
    Local outer{base + 3};
    Local inner{base + 2};
    fail(base);
  } catch (int caught) {
    return wait_for(caught + 4);
  }
  return -1;
}

extern "C" EXPORT(handler) int handler(int base) {
  try {
    throw BadFailure(base);
  } catch (const Failure &failure) {
    wait_for(base + 1);
    return failure.code() + wait_for(base + 2);
  }
  return -1;
}

extern "C" EXPORT(rethrow) int rethrow(int base) {
  try {
    Local local{base + 3};
    try {
      fail(base);
    } catch (int) {
      wait_for(base + 2);
      throw;
    }
  } catch (long) {
    return -1;
  } catch (...) {
    return wait_for(base + 4);
  }
  return -1;
}

extern "C" EXPORT(nested) int nested(int base) {
  int sum = 0;
  try {
    fail(base);
  } catch (int first) {
    try {
      fail(base + 2L);
    } catch (long second) {
      sum += wait_for(second);
    }
    sum += wait_for(first + 3);
  }
  return sum;
}

// What is thrown again is what was caught.
extern "C" EXPORT(own) int own(int base) {
  try {
    try {
      fail(base);
    } catch (int) {
      wait_for(base + 1);
      throw;
    }
  } catch (int caught) {
    return caught + wait_for(base + 2) - base;
  }
  return -1;
}

// How many exceptions are on their way in the middle of a destructor, and behind the handler.
struct Counting {
  int base;
  int &counted;
  ~Counting() {
    wait_for(base + 1);
    counted = __cxa_uncaught_exceptions();
  }
};

extern "C" EXPORT(counted) int counted(int base) {
  int counted = 0;
  try {
    Counting counting{base, counted};
    fail(base);
  } catch (int) {
    wait_for(base + 2);
    counted += 10 * __cxa_uncaught_exceptions();
  }
  return base + counted;
}

struct First {
  virtual ~First() {}
};

// Whose exception does not lie at its beginning.
class Second : public First, public std::exception {
public:
  const char *what() const noexcept override { return _text; }

private:
  const char *_text = "of the second base";
};

// Whose what() is of no use.
class Trapping : public std::exception {
public:
  const char *what() const noexcept override { __builtin_trap(); }
};

class Waiting : public std::exception {
public:
  const char *what() const noexcept override { return wait_for(99) ? "waited" : ""; }
};

class Endless : public std::exception {
public:
  const char *what() const noexcept override {
    for (volatile bool goesOn = true; goesOn;) {
    }
    return "";
  }
};

template <typename T, int Number> struct Generic {};

// After a wait, or at once.
extern "C" EXPORT(uncaught) void uncaught(int kind) {
  if (kind >= 100)
    wait_for(kind);
  switch (kind % 100) {
  case 0: throw BadFailure(7);
  case 1: throw 7;
  case 2: throw Second();
  case 3: throw "text";
  case 4: throw Generic<Generic<First *, 5>, -1>();
  case 5: throw Trapping();
  case 6: throw Waiting();
  case 7: throw Endless();
  }
}
