// File descriptors, those of the standard streams, and what is no socket.

#include <sys/socket.h>
#include <unistd.h>

#include "case.h"

CASE(closing) {
  __wasi_fd_t fd = open_file("file", CREAT);
  OK(__wasi_fd_close(fd));
  FAILS(EBADF, __wasi_fd_close(fd));
  FAILS(EBADF, __wasi_fd_close(NO_FD));
  FAILS(EBADF, __wasi_fd_close(-1));
  FAILS(EBADF, __wasi_fd_close(INT32_MIN));
}

CASE(closing_a_preopened_directory) {
  __wasi_fd_t fd = open_directory(".");
  OK(__wasi_fd_close(ROOT));
  SAME(__WASI_FILETYPE_DIRECTORY, fdstat_of(fd).fs_filetype);
  __wasi_fdstat_t status;
  FAILS(EBADF, __wasi_fd_fdstat_get(ROOT, &status));
  OK(try_open(fd, 0, "file", CREAT, 0));
}

CASE(renumbering) {
  __wasi_fd_t from = open_file("from", CREAT), to = open_file("to", CREAT);
  write_text(from, "from");
  __wasi_fdstat_t before = fdstat_of(from);
  OK(__wasi_fd_renumber(from, to));
  FAILS(EBADF, __wasi_fd_close(from));
  __wasi_fdstat_t after = fdstat_of(to);
  EXPECT(memcmp(&before, &after, sizeof before) == 0);
  SAME(4, position_of(to));
  FAILS(EBADF, __wasi_fd_renumber(to, from));
  FAILS(EBADF, __wasi_fd_renumber(from, to));
  FAILS(EBADF, __wasi_fd_renumber(to, NO_FD));
  FAILS(EBADF, __wasi_fd_renumber(to, -1));
  OK(__wasi_fd_renumber(to, to));
  write_text(to, "!");
  OK(__wasi_fd_close(to));
  expect_file("from", "from!");
}

CASE(renumbering_over_a_preopened_directory) {
  OK(__wasi_path_create_directory(ROOT, "d"));
  __wasi_fd_t fd = open_directory("d");
  __wasi_filestat_t before = status_of_fd(fd);
  OK(__wasi_fd_renumber(fd, ROOT));
  SAME(before.dev, status_of_fd(ROOT).dev);
  SAME(before.ino, status_of_fd(ROOT).ino);
  __wasi_fdstat_t status;
  __wasi_prestat_t prestat;
  FAILS(EBADF, __wasi_fd_fdstat_get(fd, &status));
  FAILS(EBADF, __wasi_fd_prestat_get(ROOT, &prestat));
}

CASE(renumbering_standard_streams) {
  for (__wasi_fd_t from = 0; from < 3; from++) {
    __wasi_fd_t to = open_file("file", CREAT);
    __wasi_fdstat_t before = fdstat_of(from), status;
    OK(__wasi_fd_renumber(from, to));
    status = fdstat_of(to);
    EXPECT(memcmp(&before, &status, sizeof status) == 0);
    FAILS(EBADF, __wasi_fd_fdstat_get(from, &status));
    OK(__wasi_path_unlink_file(ROOT, "file"));
  }
}

CASE(standard_streams) {
  char bytes[4];
  __wasi_size_t count;
  __wasi_filesize_t position;
  __wasi_iovec_t into = {(uint8_t *)bytes, sizeof bytes};
  __wasi_ciovec_t from = {(uint8_t *)bytes, 1};
  for (__wasi_fd_t fd = 0; fd < 3; fd++) {
    SAME(__WASI_FILETYPE_UNKNOWN, fdstat_of(fd).fs_filetype);
    EXPECT(!isatty(fd));
    SAME(0, status_of_fd(fd).size);
    FAILS(ENOTCAPABLE, __wasi_fd_seek(fd, 0, __WASI_WHENCE_SET, &position));
    FAILS(ENOTCAPABLE, __wasi_fd_tell(fd, &position));
    FAILS(ENOTCAPABLE, __wasi_fd_pread(fd, &into, 1, 0, &count));
    FAILS(ENOTCAPABLE, __wasi_fd_pwrite(fd, &from, 1, 0, &count));
  }
  FAILS(ENOTCAPABLE, __wasi_fd_write(0, &from, 1, &count));
  FAILS(ENOTCAPABLE, __wasi_fd_read(1, &into, 1, &count));
  FAILS(ENOTCAPABLE, __wasi_fd_read(2, &into, 1, &count));
  expect_text(0, "");
  FAILS(EBADF, __wasi_fd_read(NO_FD, &into, 1, &count));
  FAILS(EBADF, __wasi_fd_write(NO_FD, &from, 1, &count));
  OK(__wasi_fd_close(0));
  FAILS(EBADF, __wasi_fd_read(0, &into, 1, &count));
}

CASE(what_is_no_socket) {
  __wasi_fd_t fd = open_file("file", CREAT), accepted;
  uint8_t bytes[4];
  __wasi_size_t count;
  __wasi_roflags_t flags;
  __wasi_iovec_t into = {bytes, sizeof bytes};
  __wasi_ciovec_t from = {bytes, sizeof bytes};
  FAILS_C(ENOTSOCK, shutdown(STDOUT_FILENO, SHUT_RD));
  FAILS_C(EBADF, shutdown(NO_FD, SHUT_RD));
  FAILS(ENOTSOCK, __wasi_sock_shutdown(fd, __WASI_SDFLAGS_RD));
  FAILS(EBADF, __wasi_sock_shutdown(NO_FD, __WASI_SDFLAGS_RD));
  FAILS(ENOTSOCK, __wasi_sock_recv(fd, &into, 1, 0, &count, &flags));
  FAILS(ENOTSOCK, __wasi_sock_recv(0, &into, 1, 0, &count, &flags));
  FAILS(EBADF, __wasi_sock_recv(NO_FD, &into, 1, 0, &count, &flags));
  FAILS(ENOTSOCK, __wasi_sock_send(fd, &from, 1, 0, &count));
  FAILS(ENOTSOCK, __wasi_sock_send(1, &from, 1, 0, &count));
  FAILS(EBADF, __wasi_sock_send(NO_FD, &from, 1, 0, &count));
  FAILS(ENOTSOCK, __wasi_sock_accept(fd, 0, &accepted));
  FAILS(ENOTSOCK, __wasi_sock_accept(0, 0, &accepted));
  FAILS(EBADF, __wasi_sock_accept(NO_FD, 0, &accepted));
}
