// clang: -mexec-model=reactor -Wl,--export=aligned_alloc -Wl,--export=free
// A library, of which many calls wait at once. What each waits for is written to its C stack.

#include <stdint.h>
#include <string.h>
#include <wasi/api.h>

#define EXPORT(name) __attribute__((export_name(#name)))

enum { FAILED = -1 };

// Bytes around what WASI writes, which nobody else may touch.
typedef struct {
  uint8_t before[64];
  union {
    int32_t number;
    uint8_t bytes[4];
    __wasi_event_t event;
  } value;
  __wasi_size_t count;
  uint8_t after[64];
} guarded;

static void guard(guarded *place, int mark) {
  memset(place, 0, sizeof *place);
  memset(place->before, mark, sizeof place->before);
  memset(place->after, mark, sizeof place->after);
}

static int is_intact(volatile guarded *place, int mark) {
  for (size_t i = 0; i < sizeof place->before; i++) {
    if (place->before[i] != (uint8_t)mark || place->after[i] != (uint8_t)mark) return 0;
  }
  return 1;
}

// The next four bytes of standard input, as a number.
EXPORT(read_number) int32_t read_number(int32_t mark) {
  guarded place;
  guard(&place, mark);
  __wasi_iovec_t vector = {place.value.bytes, 4};
  if (__wasi_fd_read(0, &vector, 1, &place.count) != 0 || place.count != 4 || vector.buf != place.value.bytes) return FAILED;
  return is_intact(&place, mark) ? place.value.number : FAILED;
}

// Sleeps, and gives back what the event was to have.
EXPORT(sleep_for) int32_t sleep_for(int32_t mark, int32_t milliseconds) {
  guarded place;
  guard(&place, mark);
  __wasi_subscription_t wait = {.userdata = mark, .u.tag = __WASI_EVENTTYPE_CLOCK};
  wait.u.u.clock = (__wasi_subscription_clock_t){__WASI_CLOCKID_MONOTONIC, milliseconds * 1000000ull, 0, 0};
  if (__wasi_poll_oneoff(&wait, &place.value.event, 1, &place.count) != 0 || place.count != 1) return FAILED;
  return is_intact(&place, mark) ? (int32_t)place.value.event.userdata : FAILED;
}

// Writes a number to standard output.
EXPORT(write_number) int32_t write_number(int32_t number) {
  guarded place;
  guard(&place, number);
  place.value.number = number;
  __wasi_ciovec_t vector = {place.value.bytes, 4};
  if (__wasi_fd_write(1, &vector, 1, &place.count) != 0 || place.count != 4) return FAILED;
  return is_intact(&place, number) ? place.value.number : FAILED;
}

// Lets others go first, in the middle of what it does.
EXPORT(give_way) int32_t give_way(int32_t number) {
  guarded place;
  guard(&place, number);
  place.value.number = number;
  for (int i = 0; i < 10; i++) {
    if (__wasi_sched_yield() != 0) return FAILED;
  }
  return is_intact(&place, number) ? place.value.number : FAILED;
}
