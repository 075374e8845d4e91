// A library: its constructor waits, and it calls the main module back.
#include "runtime.h"

namespace {
struct Local {
  int number;
  ~Local() { wait_for(number); }
};

struct Global {
  Global() { number = wait_for(90); }
  int number;
};

Global global;
}

extern "C" {
extern int shared_data;
int of_main(int base);

int late_data = 1000;

int late(int base) {
  wait_for(base + 1);
  int (*volatile function)(int) = of_main;
  return function(base + 1) + global.number + shared_data;
}

int late_throwing(int base) {
  Local local{base + 2};
  wait_for(base + 1);
  throw base;
}
}
