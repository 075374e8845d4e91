// The usual way around the trap of sample 06: the host makes the call, and drops what is too much.
// It works until the callee waits. Then the host's own activation stands on the stack between the
// export and the import, and only WebAssembly can be put aside.

#include "guest.h"

typedef int (*Handler)(int, int);

IMPORT(awaitAsyncHttpRequest) int awaitAsyncHttpRequest(int request);

// Calls back into this module through its table. A function pointer in C is an index of that table.
IMPORT(trampoline) int trampoline(Handler handler, int a, int b);

static int add(int a, int b) { return a + b; }

static int twice(int a) { return 2 * a; }

static int fetch(int request) { return awaitAsyncHttpRequest(request); }

static Handler volatile handlers[] = {add, (Handler)(void (*)(void))twice, (Handler)(void (*)(void))fetch};

EXPORT(callHandler) int callHandler(int index, int a, int b) {
  logInt("calling handler", index);
  int result = trampoline(handlers[index], a, b);
  logInt("result", result);
  return result;
}
