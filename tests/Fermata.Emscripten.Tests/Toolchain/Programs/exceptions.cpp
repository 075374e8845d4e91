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

extern "C" EXPORT(uncaught) void uncaught() { throw BadFailure(7); }

extern "C" EXPORT(uncaught_number) void uncaught_number() { throw 7; }
