// Types of the C++ library.
#pragma once
#include "runtime.h"

extern "C" unsigned __cxa_uncaught_exceptions();

namespace std {
class type_info {
public:
  virtual ~type_info();
  const char *name() const { return _name; }

protected:
  const char *_name;
};

class exception {
public:
  virtual ~exception();
  virtual const char *what() const noexcept;
};

void terminate() noexcept;
}

namespace __cxxabiv1 {
class __class_type_info : public std::type_info {
public:
  ~__class_type_info() override;
  virtual const __class_type_info *base() const;
};

class __si_class_type_info : public __class_type_info {
public:
  ~__si_class_type_info() override;
  const __class_type_info *base() const override;

private:
  const __class_type_info *_base;
};

class __vmi_class_type_info : public __class_type_info {
public:
  ~__vmi_class_type_info() override;
};

class __pointer_type_info : public std::type_info {
public:
  ~__pointer_type_info() override;
};

class __fundamental_type_info : public std::type_info {
public:
  ~__fundamental_type_info() override;
};
}
