// poll_oneoff, on clocks, files and standard streams.

#include "case.h"

static __wasi_subscription_t clock_of(__wasi_userdata_t data, __wasi_clockid_t clock, __wasi_timestamp_t timeout, int flags) {
  __wasi_subscription_t wait = {.userdata = data, .u.tag = __WASI_EVENTTYPE_CLOCK};
  wait.u.u.clock = (__wasi_subscription_clock_t){clock, timeout, 0, flags};
  return wait;
}

static __wasi_timestamp_t now(__wasi_clockid_t clock) {
  __wasi_timestamp_t time;
  OK(__wasi_clock_time_get(clock, 0, &time));
  return time;
}

// What happened is the one thing; its event.
static __wasi_event_t one_event(const __wasi_subscription_t *waits, int count, __wasi_userdata_t data) {
  __wasi_event_t events[16];
  __wasi_size_t happened = 0;
  memset(events, 0xff, sizeof events);
  OK(__wasi_poll_oneoff(waits, events, count, &happened));
  SAME(1, happened);
  SAME(data, events[0].userdata);
  SAME(0, ((uint8_t *)events)[11] | ((uint32_t *)events)[3] | ((uint16_t *)events)[13] | ((uint32_t *)events)[7]);
  return events[0];
}

CASE(sleeping) {
  for (__wasi_clockid_t clock = 0; clock < 2; clock++) {
    __wasi_timestamp_t start = now(__WASI_CLOCKID_MONOTONIC);
    __wasi_subscription_t wait = clock_of(0x123456789, clock, 20000000, 0);
    __wasi_event_t event = one_event(&wait, 1, 0x123456789);
    SAME(0, event.error);
    SAME(__WASI_EVENTTYPE_CLOCK, event.type);
    EXPECT(now(__WASI_CLOCKID_MONOTONIC) - start >= 20000000);

    start = now(clock);
    wait = clock_of(1, clock, start + 20000000, __WASI_SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME);
    SAME(0, one_event(&wait, 1, 1).error);
    EXPECT(now(clock) >= start + 20000000);

    // A time that has passed.
    wait = clock_of(2, clock, 1, __WASI_SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME);
    SAME(0, one_event(&wait, 1, 2).error);
    wait = clock_of(3, clock, 0, 0);
    SAME(0, one_event(&wait, 1, 3).error);
  }
}

CASE(the_first_clock) {
  __wasi_subscription_t waits[] = {
      clock_of(1, __WASI_CLOCKID_MONOTONIC, UINT64_MAX, 0),
      clock_of(2, __WASI_CLOCKID_MONOTONIC, 10000000, 0),
      clock_of(3, __WASI_CLOCKID_REALTIME, INT64_MAX, __WASI_SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME),
  };
  one_event(waits, 3, 2);
}

CASE(all_that_happened) {
  __wasi_subscription_t waits[] = {clock_of(1, 0, 0, 0), clock_of(2, 1, 0, 0), descriptor_of(3, __WASI_EVENTTYPE_FD_WRITE, 1)};
  __wasi_event_t events[3];
  __wasi_size_t happened = 0;
  OK(__wasi_poll_oneoff(waits, events, 3, &happened));
  SAME(3, happened);
  for (int i = 0; i < 3; i++) {
    SAME(i + 1, events[i].userdata);
    SAME(0, events[i].error);
  }
}

CASE(standard_streams) {
  for (__wasi_fd_t fd = 1; fd < 3; fd++) {
    __wasi_subscription_t waits[] = {descriptor_of(fd, __WASI_EVENTTYPE_FD_WRITE, fd), clock_of(9, 1, 60000000000, 0)};
    __wasi_event_t event = one_event(waits, 2, fd);
    SAME(0, event.error);
    SAME(__WASI_EVENTTYPE_FD_WRITE, event.type);
  }

  // Standard input is at its end.
  __wasi_subscription_t waits[] = {descriptor_of(7, __WASI_EVENTTYPE_FD_READ, 0), clock_of(9, 1, 60000000000, 0)};
  __wasi_event_t event = one_event(waits, 2, 7);
  SAME(0, event.error);
  SAME(__WASI_EVENTTYPE_FD_READ, event.type);
  SAME(0, event.fd_readwrite.nbytes);
  SAME(__WASI_EVENTRWFLAGS_FD_READWRITE_HANGUP, event.fd_readwrite.flags);
}

CASE(a_file_never_waits) {
  __wasi_fd_t fd = open_file("file", CREAT);
  write_text(fd, "text");
  seek_to(fd, 1, __WASI_WHENCE_SET);
  __wasi_subscription_t wait = descriptor_of(1, __WASI_EVENTTYPE_FD_READ, fd);
  __wasi_event_t event = one_event(&wait, 1, 1);
  SAME(0, event.error);
  SAME(3, event.fd_readwrite.nbytes);
  wait = descriptor_of(2, __WASI_EVENTTYPE_FD_WRITE, fd);
  SAME(0, one_event(&wait, 1, 2).error);
}

// An error of one thing is an event.
CASE(errors) {
  __wasi_fd_t fd = open_with(ROOT, "file", CREAT, RIGHT(FD_READ), 0);
  FAILS(EBADF, poll_error(descriptor_of(1, __WASI_EVENTTYPE_FD_READ, NO_FD)));
  FAILS(EBADF, poll_error(descriptor_of(2, __WASI_EVENTTYPE_FD_WRITE, -1)));
  FAILS(ENOTCAPABLE, poll_error(descriptor_of(3, __WASI_EVENTTYPE_FD_READ, fd)));
  FAILS(ENOTCAPABLE, poll_error(descriptor_of(4, __WASI_EVENTTYPE_FD_WRITE, 0)));
  FAILS(EINVAL, poll_error(descriptor_of(5, 3, 0)));
  FAILS(EINVAL, poll_error(clock_of(6, (__wasi_clockid_t)9, 0, 0)));
  __wasi_subscription_t wait = clock_of(7, 1, 0, 0);
  __wasi_event_t events[1];
  __wasi_size_t happened;
  FAILS(EINVAL, __wasi_poll_oneoff(&wait, events, 0, &happened));
  FAILS(EINVAL, __wasi_poll_oneoff(&wait, events, 10001, &happened));
}
