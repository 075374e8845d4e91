// A function that takes its result through a pointer, as most of C's do: read, fgets, getaddrinfo.
//
// The struct is a local variable, and its address is taken, so it lies on the C stack in linear memory.
// While the call waits, the stack belongs to other calls. So the host must not write the result when it
// has it, but when this call goes on and its stack is in place.

#include "guest.h"

struct reading {
  int sensor;
  int value;
};

// Fills the reading and returns 1, some time later.
IMPORT(readSensor) int readSensor(int sensor, struct reading *reading);

// A reading of the sensor; -1 if it is another's.
__attribute__((noinline)) static int valueOf(int sensor) {
  struct reading reading = {-1, -1};
  return readSensor(sensor, &reading) && reading.sensor == sensor ? reading.value : -1;
}

EXPORT(sumOfTwo) int sumOfTwo(int sensor) {
  int first = valueOf(sensor);
  return first + valueOf(sensor);
}

// For the policy Separate, whose C stacks come from the module's allocator. This one gives addresses in their order.
EXPORT(malloc) void *malloc(unsigned long size) {
  extern unsigned char __heap_base;
  static unsigned long next;
  if (!next) next = ((unsigned long)&__heap_base + 15) & ~15ul;
  unsigned long start = next;
  next += (size + 15) & ~15ul;
  while (next > __builtin_wasm_memory_size(0) * 65536)
    if (__builtin_wasm_memory_grow(0, 1) == (unsigned long)-1) return 0;
  return (void *)start;
}

EXPORT(free) void free(void *block) { (void)block; }
