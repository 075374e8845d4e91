// An archive of which no file is to be decompressed: there is memory for less.

#include "case.h"

CASE(a_file_that_is_too_large) {
  uint8_t bytes[8];
  __wasi_size_t count;
  __wasi_iovec_t vector = {bytes, sizeof bytes};
  __wasi_fd_t fd = open_with(ROOT, "file", 0, RIGHT(FD_READ) | RIGHT(FD_SEEK), 0);
  FAILS(ENOMEM, __wasi_fd_read(fd, &vector, 1, &count));
  FAILS(ENOMEM, __wasi_fd_pread(fd, &vector, 1, 0, &count));
}
