#include "runtime.h"

static _Alignas(16) char heap[1 << 18];
static size_t used;

EXPORT(malloc) void *malloc(size_t size) {
  void *address = heap + used;
  used += (size + 15) & -16u;
  return used <= sizeof heap ? address : 0;
}

EXPORT(free) void free(void *address) { (void)address; }

void *memset(void *target, int value, size_t size) {
  for (char *byte = target; size > 0; size--)
    *byte++ = value;
  return target;
}

int strcmp(const char *first, const char *second) {
  while (*first && *first == *second)
    first++, second++;
  return (unsigned char)*first - (unsigned char)*second;
}

// What an invoke_ notes.
size_t __THREW__;
int __threwValue;

EXPORT(setThrew) void setThrew(size_t threw, int value) {
  if (__THREW__ == 0) {
    __THREW__ = threw;
    __threwValue = value;
  }
}

static struct { void (*function)(void *); void *argument; } registered[32];
static int registrations;

int __cxa_atexit(void (*function)(void *), void *argument, void *library) {
  (void)library;
  registered[registrations].function = function;
  registered[registrations++].argument = argument;
  return 0;
}

static void call(void *function) { ((void (*)(void))function)(); }

int atexit(void (*function)(void)) { return __cxa_atexit(call, (void *)function, 0); }

EXPORT(__funcs_on_exit) void __funcs_on_exit(void) {
  while (registrations > 0) {
    registrations--;
    registered[registrations].function(registered[registrations].argument);
  }
}

// A setjmp: which call it was in, where in that, and for longjmp by exceptions of WebAssembly what is thrown.
struct jump {
  void *invocation;
  unsigned label;
  struct { void *environment; int value; } thrown;
};

void __wasm_setjmp(void *environment, unsigned label, void *invocation) {
  struct jump *jump = environment;
  jump->invocation = invocation;
  jump->label = label;
}

unsigned __wasm_setjmp_test(void *environment, void *invocation) {
  struct jump *jump = environment;
  return jump->invocation == invocation ? jump->label : 0;
}

#ifdef __wasm_exception_handling__
__asm__(".tagtype __c_longjmp i32\n.globl __c_longjmp\n__c_longjmp:\n");

_Noreturn void __wasm_longjmp(void *environment, int value) {
  struct jump *jump = environment;
  jump->thrown.environment = environment;
  jump->thrown.value = value ? value : 1;
  __builtin_wasm_throw(1, &jump->thrown);
}
#else
__attribute__((import_module("env"), import_name("_emscripten_throw_longjmp"))) _Noreturn void _emscripten_throw_longjmp(void);

_Noreturn void emscripten_longjmp(void *environment, int value) {
  setThrew((size_t)environment, value ? value : 1);
  _emscripten_throw_longjmp();
}
#endif
