// Ask how many arguments a pointer takes, cast it to what it really is, call it. No host in between,
// so the callee may wait.

#include "guest.h"

typedef int (*Handler)(int, int);

IMPORT(awaitAsyncHttpRequest) int awaitAsyncHttpRequest(int request);

// Not the host's: count-args.wat answers.
IMPORT(countArgs) int countArgs(Handler function);

static int zero(void) { return 0; }

static int fetch(int request) { return awaitAsyncHttpRequest(request); }

static int add(int a, int b) { return a + b; }

// Neither is an int function of a few ints.
static double half(double x) { return x / 2; }

#define AS(type, function) ((type)(void (*)(void))(function))
typedef int (*Args0)(void);
typedef int (*Args1)(int);
static Handler volatile handlers[] = {AS(Handler, zero), AS(Handler, fetch), add, AS(Handler, half)};

static int callAny(Handler handler, int count, int a, int b) {
  switch (count) {
    case 0: return AS(Args0, handler)();
    case 1: return AS(Args1, handler)(a);
    case 2: return handler(a, b);
    default: return -1;
  }
}

EXPORT(callHandler) int callHandler(int index, int a, int b) {
  Handler handler = handlers[index];
  int count = countArgs(handler);
  logInt("arguments it takes:", count);
  int result = callAny(handler, count, a, b);
  logInt("result", result);
  return result;
}
