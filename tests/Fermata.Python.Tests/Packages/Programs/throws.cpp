// An extension module in C++, whose exceptions are those of the interpreter's module, and pass what waits.
#include "python.h"

namespace {
struct Failure {
  int code;
};

// Calls a function when it goes out of scope, also by an exception.
struct Guard {
  PyObject *function;
  ~Guard() {
    PyObject *result = PyErr_Occurred() ? nullptr : PyObject_CallFunction(function, "s", "left");
    if (result)
      Py_DecRef(result);
  }
};

void call(PyObject *function, int code) {
  Guard guard{function};
  PyObject *result = PyObject_CallFunction(function, "i", code);
  if (result)
    Py_DecRef(result);
  throw Failure{code};
}

// caught(function): what was thrown after a function was called that may wait.
PyObject *caught(PyObject *, PyObject *function) {
  try {
    call(function, 7);
  } catch (const Failure &failure) {
    PyObject *result = PyErr_Occurred() ? nullptr : PyObject_CallFunction(function, "s", "caught");
    if (!result)
      return nullptr;
    Py_DecRef(result);
    return PyLong_FromLong(failure.code);
  }
  return nullptr;
}

PyMethodDef methods[] = {{"caught", caught, METH_O, "Throws and catches."}, {}};
PyModuleDef definition = {{1, nullptr}, nullptr, 0, nullptr, "throws", "Throws exceptions of C++.", 0, methods, nullptr, nullptr, nullptr, nullptr};
}

extern "C" PyObject *PyInit_throws() { return PyModuleDef_Init(&definition); }
