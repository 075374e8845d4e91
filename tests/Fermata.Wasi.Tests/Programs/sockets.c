// Sockets that the program is given, as preview 1 makes none: file descriptors behind that of the directory.

#include "case.h"

enum {
  CONNECTION = 4,  // with another end that does nothing
  RESET,           // with one that has reset it
  UNCONNECTED,     // a socket for connections that was never connected
  LISTENER,        // to which nobody connects
  CALLED,          // a listener with one connection
  DATAGRAMS,       // without an address to send to
  REFUSED,         // for datagrams to where nobody receives them
};

IMPORT(sock_open)
int raw_sock_open(int, int, __wasi_fd_t *);

static uint8_t bytes[70000];
static __wasi_size_t count;
static __wasi_roflags_t flags;
static __wasi_fd_t accepted;
static __wasi_iovec_t into = {bytes, 4};
static __wasi_ciovec_t from = {bytes, 4};

static void do_not_wait(__wasi_fd_t fd) { OK(__wasi_fd_fdstat_set_flags(fd, __WASI_FDFLAGS_NONBLOCK)); }

// The functions of sockets and those of files are the same here.
#define RECEIVING_FAILS(error, fd)                                \
  do {                                                            \
    FAILS(error, __wasi_sock_recv(fd, &into, 1, 0, &count, &flags)); \
    FAILS(error, __wasi_fd_read(fd, &into, 1, &count));           \
  } while (0)

#define SENDING_FAILS(error, fd)                          \
  do {                                                    \
    FAILS(error, __wasi_sock_send(fd, &from, 1, 0, &count)); \
    FAILS(error, __wasi_fd_write(fd, &from, 1, &count));  \
  } while (0)

CASE(nothing_to_wait_for) {
  do_not_wait(CONNECTION);
  do_not_wait(LISTENER);
  RECEIVING_FAILS(EAGAIN, CONNECTION);
  FAILS(EAGAIN, __wasi_sock_accept(LISTENER, 0, &accepted));
  from.buf_len = sizeof bytes;
  while (__wasi_sock_send(CONNECTION, &from, 1, 0, &count) == 0) EXPECT(count > 0);
  SENDING_FAILS(EAGAIN, CONNECTION);
}

CASE(an_end_that_is_shut_down) {
  FAILS(EINVAL, __wasi_sock_shutdown(CONNECTION, 0));
  FAILS(EINVAL, __wasi_sock_shutdown(CONNECTION, 4));
  OK(__wasi_sock_shutdown(CONNECTION, __WASI_SDFLAGS_WR));
  SENDING_FAILS(EPIPE, CONNECTION);
}

// It is told once.
CASE(a_reset_connection_that_is_received_from) {
  FAILS(ECONNRESET, __wasi_sock_recv(RESET, &into, 1, 0, &count, &flags));
  SENDING_FAILS(EPIPE, RESET);
}

CASE(a_reset_connection_that_is_read) { FAILS(ECONNRESET, __wasi_fd_read(RESET, &into, 1, &count)); }

CASE(a_reset_connection_that_is_sent_to) { FAILS(ECONNRESET, __wasi_sock_send(RESET, &from, 1, 0, &count)); }

CASE(a_reset_connection_that_is_written) { FAILS(ECONNRESET, __wasi_fd_write(RESET, &from, 1, &count)); }

CASE(what_is_not_connected) {
  RECEIVING_FAILS(ENOTCONN, UNCONNECTED);
  RECEIVING_FAILS(ENOTCONN, LISTENER);
  SENDING_FAILS(EPIPE, UNCONNECTED);
  FAILS(ENOTCONN, __wasi_sock_shutdown(UNCONNECTED, __WASI_SDFLAGS_WR));
}

CASE(what_does_not_listen) {
  FAILS(EINVAL, __wasi_sock_accept(UNCONNECTED, 0, &accepted));
  FAILS(EINVAL, __wasi_sock_accept(CONNECTION, 0, &accepted));
  FAILS(ENOTSUP, __wasi_sock_accept(DATAGRAMS, 0, &accepted));
}

// A connection for which there is no descriptor is still there when there is one.
CASE(more_connections_than_there_may_be) {
  while (__wasi_path_open(ROOT, 0, ".", 0, 0, 0, 0, &accepted) == 0);
  FAILS(EMFILE, __wasi_sock_accept(CALLED, 0, &accepted));
  do_not_wait(CALLED);
  OK(__wasi_fd_close(ROOT));
  OK(__wasi_sock_accept(CALLED, 0, &accepted));
  SAME(ROOT, accepted);
  FAILS(EAGAIN, __wasi_sock_accept(CALLED, 0, &accepted));
}

CASE(datagrams) {
  SENDING_FAILS(EDESTADDRREQ, DATAGRAMS);
  from.buf_len = sizeof bytes;
  SENDING_FAILS(EMSGSIZE, REFUSED);
}

// That a datagram was refused is told by whatever comes next.
CASE(datagrams_that_nobody_receives) {
  OK(__wasi_sock_send(REFUSED, &from, 1, 0, &count));
  FAILS(ECONNREFUSED, __wasi_sock_recv(REFUSED, &into, 1, 0, &count, &flags));
  OK(__wasi_sock_send(REFUSED, &from, 1, 0, &count));
  FAILS(ECONNREFUSED, __wasi_fd_read(REFUSED, &into, 1, &count));
  OK(__wasi_sock_send(REFUSED, &from, 1, 0, &count));
  OK(poll_error(descriptor_of(1, __WASI_EVENTTYPE_FD_READ, REFUSED)));
  FAILS(ECONNREFUSED, __wasi_sock_send(REFUSED, &from, 1, 0, &count));
  OK(__wasi_sock_send(REFUSED, &from, 1, 0, &count));
  OK(poll_error(descriptor_of(2, __WASI_EVENTTYPE_FD_READ, REFUSED)));
  FAILS(ECONNREFUSED, __wasi_fd_write(REFUSED, &from, 1, &count));
}

CASE(arguments_that_make_no_sense) {
  FAILS(EINVAL, __wasi_sock_accept(LISTENER, __WASI_FDFLAGS_APPEND, &accepted));
  FAILS(EINVAL, __wasi_sock_recv(CONNECTION, &into, 1, 4, &count, &flags));
  FAILS(EINVAL, __wasi_sock_recv(CONNECTION, &into, 1025, 0, &count, &flags));
  FAILS(EINVAL, __wasi_sock_send(CONNECTION, &from, 1, 1, &count));
  FAILS(EINVAL, __wasi_sock_send(CONNECTION, &from, 1025, 0, &count));
}

CASE(what_is_no_socket) {
  __wasi_fd_t all[] = {0, 1, ROOT, open_file("file", CREAT)};
  for (int i = 0; i < 4; i++) {
    FAILS(ENOTSOCK, __wasi_sock_accept(all[i], 0, &accepted));
    FAILS(ENOTSOCK, __wasi_sock_recv(all[i], &into, 1, 0, &count, &flags));
    FAILS(ENOTSOCK, __wasi_sock_send(all[i], &from, 1, 0, &count));
    FAILS(ENOTSOCK, __wasi_sock_shutdown(all[i], __WASI_SDFLAGS_RD));
  }
  FAILS(EBADF, __wasi_sock_accept(NO_FD, 0, &accepted));
  FAILS(EBADF, __wasi_sock_recv(NO_FD, &into, 1, 0, &count, &flags));
  FAILS(EBADF, __wasi_sock_send(NO_FD, &from, 1, 0, &count));
  FAILS(EBADF, __wasi_sock_shutdown(NO_FD, __WASI_SDFLAGS_RD));
}

CASE(rights) {
  OK(__wasi_fd_fdstat_set_rights(CONNECTION, 0, 0));
  OK(__wasi_fd_fdstat_set_rights(LISTENER, 0, 0));
  FAILS(ENOTCAPABLE, __wasi_sock_accept(LISTENER, 0, &accepted));
  RECEIVING_FAILS(ENOTCAPABLE, CONNECTION);
  SENDING_FAILS(ENOTCAPABLE, CONNECTION);
  FAILS(ENOTCAPABLE, __wasi_sock_shutdown(CONNECTION, __WASI_SDFLAGS_RD));
}

CASE(none_of_its_own) { FAILS(EACCES, raw_sock_open(1, 2, &accepted)); }
