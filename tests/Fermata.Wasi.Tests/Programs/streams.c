// Standard input at which nothing arrives, and standard output that nobody reads.

#include "case.h"

CASE(input_that_is_not_waited_for) {
  uint8_t bytes[4];
  size_t count;
  OK(__wasi_fd_fdstat_set_flags(0, __WASI_FDFLAGS_NONBLOCK));
  FAILS(EAGAIN, read_bytes(0, bytes, sizeof bytes, &count));
}

CASE(output_that_nobody_reads) {
  __wasi_ciovec_t vector = {(const uint8_t *)"x", 1};
  __wasi_size_t count;
  FAILS(EPIPE, __wasi_fd_write(1, &vector, 1, &count));
}

// An output can be flushed, an input cannot.
CASE(flushing) {
  OK(__wasi_fd_sync(2));
  OK(__wasi_fd_datasync(2));
  FAILS(ENOTCAPABLE, __wasi_fd_sync(0));
  FAILS(ENOTCAPABLE, __wasi_fd_datasync(0));
}
