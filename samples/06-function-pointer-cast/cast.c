// Old C libraries keep all their callbacks as one type of pointer, and cast. On most processors a
// surplus argument does no harm. WebAssembly compares the types at every indirect call, and traps.

#include "guest.h"

typedef int (*Handler)(int, int);

static int add(int a, int b) { return a + b; }

static int twice(int a) { return 2 * a; }

// Volatile, so that the compiler cannot see which function is called and replace it by a trap of its own.
static Handler volatile handlers[] = {add, (Handler)(void (*)(void))twice};

EXPORT(callHandler) int callHandler(int index, int a, int b) {
  logInt("calling handler", index);
  int result = handlers[index](a, b);
  logInt("result", result);
  return result;
}
