// What a directory of the host may have beside files: here a named pipe and a socket, and devices under "/dev", which is the other directory.

#include "case.h"

CASE(a_pipe_has_no_places) {
  __wasi_fd_t fd = open_file("pipe", 0);
  uint8_t bytes[4];
  __wasi_size_t count;
  __wasi_filesize_t position;
  __wasi_iovec_t into = {bytes, sizeof bytes};
  __wasi_ciovec_t from = {bytes, sizeof bytes};
  FAILS(ESPIPE, __wasi_fd_seek(fd, 0, __WASI_WHENCE_END, &position));
  FAILS(ESPIPE, __wasi_fd_tell(fd, &position));
  FAILS(ESPIPE, __wasi_fd_pread(fd, &into, 1, 0, &count));
  FAILS(ESPIPE, __wasi_fd_pwrite(fd, &from, 1, 0, &count));
  FAILS(ESPIPE, __wasi_fd_advise(fd, 0, 0, __WASI_ADVICE_NORMAL));
  FAILS(ESPIPE, __wasi_fd_allocate(fd, 0, 1));
  FAILS(EINVAL, __wasi_fd_filestat_set_size(fd, 0));
  FAILS(EINVAL, __wasi_fd_sync(fd));
  FAILS(EINVAL, __wasi_fd_datasync(fd));
  write_text(fd, "through the pipe");
  expect_text(fd, "through the pipe");
  SAME(__WASI_FILETYPE_UNKNOWN, fdstat_of(fd).fs_filetype);
}

CASE(a_pipe_that_nobody_reads) {
  __wasi_ciovec_t vector = {(const uint8_t *)"x", 1};
  __wasi_size_t count;
  FAILS(ENXIO, try_open(ROOT, 0, "pipe", 0, RIGHT(FD_WRITE)));
  __wasi_fd_t reader = open_with(ROOT, "pipe", 0, RIGHT(FD_READ), 0);
  __wasi_fd_t writer = open_with(ROOT, "pipe", 0, RIGHT(FD_WRITE), 0);
  write_text(writer, "text");
  expect_text(reader, "text");
  OK(__wasi_fd_close(reader));
  FAILS(EPIPE, __wasi_fd_write(writer, &vector, 1, &count));
}

CASE(a_pipe_that_nobody_writes) { expect_text(open_with(ROOT, "pipe", 0, RIGHT(FD_READ), 0), ""); }

CASE(what_cannot_be_opened) {
  FAILS(ENXIO, try_open(ROOT, 0, "socket", 0, RIGHT(FD_READ)));
  FAILS(EACCES, try_open(OTHER, 0, "null", 0, RIGHT(FD_READ)));
  FAILS(ENOTDIR, try_open(ROOT, 0, "pipe", DIRECTORY, 0));
}
