// A C program that waits below calls that longjmp ends.
#include "runtime.h"

typedef size_t jmp_buf[8];

int setjmp(jmp_buf environment) __attribute__((returns_twice));
_Noreturn void longjmp(jmp_buf environment, int value);

static __attribute__((noinline)) int descend(size_t *environment, int number, int depth) {
  wait_for(number + depth);
  if (depth == 0)
    longjmp(environment, number + 9);
  return descend(environment, number, depth - 1) + wait_for(-1);
}

// Crosses frames that have been suspended.
EXPORT(jump) int jump(int base) {
  jmp_buf environment;
  volatile int local = base;
  int value = setjmp(environment);
  if (value == 0)
    return descend(environment, base, 3);
  return value == base + 9 ? wait_for(local + 5) : -1;
}

// Crosses one setjmp, and comes back to the other often.
EXPORT(again) int again(int base) {
  jmp_buf outer, inner;
  volatile int count = 0;
  int value = setjmp(outer);
  if (value == 0 || count < 3) {
    count++;
    if (setjmp(inner) == 0)
      descend(count == 3 ? outer : inner, base, 1);
    else
      descend(outer, base + 2, 0);
  }
  return count;
}
