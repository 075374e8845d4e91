// Arguments, environment, clocks, random numbers, and the end of a program.

#include <time.h>

#include "case.h"

CASE(arguments) {
  __wasi_size_t count = 0, bytes = 0;
  OK(__wasi_args_sizes_get(&count, &bytes));
  SAME(5, count);
  SAME(sizeof "program" + sizeof "arguments" + sizeof "one two" + sizeof "" + sizeof "\xc3\xa4", bytes);
  uint8_t *pointers[5], *buffer = malloc(bytes + 1);
  buffer[bytes] = '!';
  OK(__wasi_args_get(pointers, buffer));
  EXPECT(pointers[0] == buffer);
  const char *wanted[] = {"program", "arguments", "one two", "", "\xc3\xa4"};
  for (int i = 0; i < 5; i++) EXPECT(strcmp((char *)pointers[i], wanted[i]) == 0);
  SAME('!', buffer[bytes]);
}

CASE(environment) {
  __wasi_size_t count = 0, bytes = 0;
  OK(__wasi_environ_sizes_get(&count, &bytes));
  SAME(3, count);
  SAME(sizeof "a=text" + sizeof "b=foo=bar" + sizeof "empty=", bytes);
  uint8_t *pointers[3], buffer[64];
  OK(__wasi_environ_get(pointers, buffer));
  EXPECT(strcmp(getenv("a"), "text") == 0);
  EXPECT(strcmp(getenv("b"), "foo=bar") == 0);
  EXPECT(strcmp(getenv("empty"), "") == 0);
  EXPECT(getenv("PATH") == NULL);
}

CASE(clocks) {
  __wasi_timestamp_t first, second;
  for (__wasi_clockid_t clock = 0; clock < 4; clock++) {
    OK(__wasi_clock_res_get(clock, &first));
    EXPECT(first > 0 && first <= 100000000);
    OK(__wasi_clock_time_get(clock, 1, &first));
    OK(__wasi_clock_time_get(clock, 0, &second));
    EXPECT(first <= second);
  }
  OK(__wasi_clock_time_get(__WASI_CLOCKID_REALTIME, 0, &first));
  EXPECT(first > 1600000000000000000);
  FAILS(EINVAL, __wasi_clock_res_get((__wasi_clockid_t)4, &first));
  FAILS(EINVAL, __wasi_clock_time_get((__wasi_clockid_t)4, 0, &first));
  struct timespec now;
  OK(clock_gettime(CLOCK_MONOTONIC, &now));
  OK(clock_getres(CLOCK_REALTIME, &now));
}

CASE(random_numbers) {
  enum { BYTES = 1 << 20 };
  uint8_t *bytes = calloc(BYTES + 1, 1);
  OK(__wasi_random_get(bytes, 0));
  SAME(0, bytes[0]);
  OK(__wasi_random_get(bytes, BYTES));
  SAME(0, bytes[BYTES]);
  int counts[256] = {0};
  for (int i = 0; i < BYTES; i++) counts[bytes[i]]++;
  for (int i = 0; i < 256; i++) EXPECT(counts[i] > BYTES / 512 && counts[i] < BYTES / 128);
}

CASE(giving_way) { OK(__wasi_sched_yield()); }

CASE(signals_that_end_nothing) {
  int ignored[] = {0, 13, 16, 17, 22, 27};
  for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++) OK(raw_proc_raise(ignored[i]));
  for (int stopping = 18; stopping < 22; stopping++) FAILS(ENOTSUP, raw_proc_raise(stopping));
  FAILS(EINVAL, raw_proc_raise(31));
  FAILS(EINVAL, raw_proc_raise(-1));
}

CASE(exit_with_33) { __wasi_proc_exit(33); }

CASE(exit_with_minus_1) { __wasi_proc_exit(-1); }

CASE(exit_with_134) { raw_proc_raise(6); }

CASE(exit_with_3_after_writing) {
  printf("written");
  exit(3);
}

CASE(abort_traps) { abort(); }
