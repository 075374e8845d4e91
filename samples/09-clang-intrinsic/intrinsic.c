// The question of sample 08, asked in C: clang has a builtin that becomes `ref.test`. One module, no
// hand-written WebAssembly.

#include "guest.h"

typedef int (*Handler)(int, int);

IMPORT(awaitAsyncHttpRequest) int awaitAsyncHttpRequest(int request);

static int zero(void) { return 0; }

static int fetch(int request) { return awaitAsyncHttpRequest(request); }

static int add(int a, int b) { return a + b; }

static double half(double x) { return x / 2; }

#define AS(type, function) ((type)(void (*)(void))(function))
typedef int (*Args0)(void);
typedef int (*Args1)(int);
static Handler volatile handlers[] = {AS(Handler, zero), AS(Handler, fetch), add, AS(Handler, half)};

// The builtin looks at the static type of its argument: is the function of exactly this type?
static int countArgs(Handler handler) {
  if (__builtin_wasm_test_function_pointer_signature(AS(Args0, handler))) return 0;
  if (__builtin_wasm_test_function_pointer_signature(AS(Args1, handler))) return 1;
  if (__builtin_wasm_test_function_pointer_signature(handler)) return 2;
  return -1;
}

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
