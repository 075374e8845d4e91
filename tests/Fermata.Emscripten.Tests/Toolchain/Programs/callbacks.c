// A C program that waits in what calls back: constructors, qsort, functions that run at its end.
#include "runtime.h"

static int order[8], used;

static void swap(int *first, int *second) {
  int kept = *first;
  *first = *second;
  *second = kept;
}

static __attribute__((noinline)) void sort(int *values, int count, int (*compare)(const int *, const int *)) {
  for (int end = count; end > 1; end--) {
    for (int i = 1; i < end; i++) {
      if (compare(&values[i - 1], &values[i]) > 0)
        swap(&values[i - 1], &values[i]);
    }
  }
}

static int compare(const int *first, const int *second) {
  wait_for(*first);
  return *first - *second;
}

__attribute__((constructor)) static void construct(void) { order[used++] = wait_for(1); }

static void finish(void) { wait_for(3); }

EXPORT(sorted) int sorted(int base) {
  int values[] = { base + 3, base + 1, base + 2 };
  sort(values, 3, compare);
  return values[0] == base + 1 && values[1] == base + 2 && values[2] == base + 3;
}

EXPORT(main) int program(void) {
  atexit(finish);
  order[used++] = wait_for(2);
  return order[0] * 10 + order[1];
}
