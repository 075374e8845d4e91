// A main module that calls what a library defines later.
#include "cxxabi.h"

namespace {
struct Local {
  int number;
  ~Local() { wait_for(number); }
};
}

extern "C" {
__attribute__((import_module("env"), import_name("_dlopen_js"))) int load(void *handle);

int late(int base);
int late_throwing(int base);
extern int late_data;

int shared_data = 4;

int of_main(int base) { return wait_for(base + shared_data); }

EXPORT(open) int open(void *handle) { return load(handle); }

EXPORT(call_late) int call_late(int base) { return late(base) + late_data; }

EXPORT(call_pointer) int call_pointer(int base) {
  int (*volatile function)(int) = late;
  return function(base);
}

EXPORT(catch_late) int catch_late(int base) {
  try {
    Local local{base + 3};
    return late_throwing(base);
  } catch (int caught) {
    return wait_for(caught + 4);
  }
}
}
