// Sockets that the program makes by the functions of WasmEdge. It may connect to, and listen at, 127.0.0.1. Connections to the first ports are made by the host, which never makes
// one, or fails.

#include "case.h"

enum { INET4 = 1, DATAGRAM = 1, STREAM = 2, NEVER = 1, UNREACHABLE = 2, TOO_LATE = 3, BROKEN = 4, CANCELLED = 5, REJECTED = 6 };

typedef struct {
  const uint8_t *bytes;
  size_t length;
} address;

IMPORT(sock_open)
int raw_sock_open(int family, int type, __wasi_fd_t *);
IMPORT(sock_bind)
int raw_sock_bind(int, const address *, int port);
IMPORT(sock_listen)
int raw_sock_listen(int, int backlog);
IMPORT(sock_connect)
int raw_sock_connect(int, const address *, int port);
IMPORT(sock_recv_from)
int raw_sock_recv_from(int, const __wasi_iovec_t *, int, address *, int flags, int *port, __wasi_size_t *, __wasi_roflags_t *);
IMPORT(sock_send_to)
int raw_sock_send_to(int, const __wasi_ciovec_t *, int, const address *, int port, int flags, __wasi_size_t *);
IMPORT(sock_getlocaladdr)
int raw_sock_getlocaladdr(int, address *, int *type, int *port);
IMPORT(sock_getpeeraddr)
int raw_sock_getpeeraddr(int, address *, int *type, int *port);
IMPORT(sock_getsockopt)
int raw_sock_getsockopt(int, int level, int name, int *value, int *length);
IMPORT(sock_setsockopt)
int raw_sock_setsockopt(int, int level, int name, const int *value, int length);
IMPORT(sock_getaddrinfo)
int raw_sock_getaddrinfo(const char *node, size_t, const char *service, size_t, const void *hints, void *results, int most, int *result);

static uint8_t room[16], bytes[70000];
static address found = {room, sizeof room};
static int type, port, value, length = sizeof value;
static __wasi_size_t count;
static __wasi_roflags_t flags;
static __wasi_iovec_t into = {bytes, 4};
static __wasi_ciovec_t from = {bytes, 4};

static const address here = {(const uint8_t *)"\x7f\0\0\1", 4}, anywhere = {(const uint8_t *)"\0\0\0\0", 4}, foreign = {(const uint8_t *)"\xc0\0\2\1", 4},
                     cut_off = {(const uint8_t *)"\x7f\0\0", 3}, unknown = {(const uint8_t[128]){9}, 128};

static __wasi_fd_t open_socket(int of_type) {
  __wasi_fd_t fd = NO_FD;
  OK(raw_sock_open(INET4, of_type, &fd));
  return fd;
}

static int port_of(__wasi_fd_t fd) {
  OK(raw_sock_getlocaladdr(fd, &found, &type, &port));
  return port;
}

static __wasi_fd_t bound(int of_type) {
  __wasi_fd_t fd = open_socket(of_type);
  OK(raw_sock_bind(fd, &here, 0));
  return fd;
}

CASE(making_sockets) {
  __wasi_fd_t fd = NO_FD;
  FAILS(EAFNOSUPPORT, raw_sock_open(9, STREAM, &fd));
  FAILS(EPROTOTYPE, raw_sock_open(INET4, 9, &fd));
  while (__wasi_path_open(ROOT, 0, ".", 0, 0, 0, 0, &fd) == 0);
  FAILS(EMFILE, raw_sock_open(INET4, STREAM, &fd));
}

CASE(binding) {
  __wasi_fd_t first = bound(STREAM), second = open_socket(STREAM);
  FAILS(EINVAL, raw_sock_bind(first, &here, 0));
  OK(raw_sock_listen(first, 1));
  FAILS(EADDRINUSE, raw_sock_bind(second, &here, port_of(first)));
  FAILS(EADDRNOTAVAIL, raw_sock_bind(second, &foreign, 0));
  FAILS(EACCES, raw_sock_bind(second, &anywhere, 0));
  FAILS(EINVAL, raw_sock_bind(second, &cut_off, 0));
  FAILS(EINVAL, raw_sock_bind(second, &here, 65536));
  FAILS(EAFNOSUPPORT, raw_sock_bind(second, &unknown, 0));
  FAILS(EBADF, raw_sock_bind(NO_FD, &here, 0));
  FAILS(ENOTSOCK, raw_sock_bind(1, &here, 0));
}

CASE(listening) {
  FAILS(EACCES, raw_sock_listen(open_socket(STREAM), 1));
  FAILS(ENOTSUP, raw_sock_listen(bound(DATAGRAM), 1));
  FAILS(EBADF, raw_sock_listen(NO_FD, 1));
  FAILS(ENOTSOCK, raw_sock_listen(1, 1));
}

CASE(connecting) {
  __wasi_fd_t listener = bound(STREAM), fd = open_socket(STREAM);
  OK(raw_sock_listen(listener, 1));
  FAILS(EACCES, raw_sock_connect(fd, &foreign, 80));
  FAILS(EINVAL, raw_sock_connect(fd, &cut_off, 80));
  FAILS(EAFNOSUPPORT, raw_sock_connect(fd, &unknown, 80));
  FAILS(ECONNREFUSED, raw_sock_connect(fd, &here, port_of(bound(STREAM))));
  OK(raw_sock_connect(fd, &here, port_of(listener)));
  FAILS(EISCONN, raw_sock_connect(fd, &here, port_of(listener)));
  FAILS(EISCONN, raw_sock_connect(listener, &here, port_of(listener)));
  FAILS(EISCONN, raw_sock_send_to(fd, &from, 1, &here, port_of(listener), 0, &count));
  FAILS(EBADF, raw_sock_connect(NO_FD, &here, 80));
  FAILS(ENOTSOCK, raw_sock_connect(1, &here, 80));
}

CASE(connecting_without_waiting) {
  __wasi_fd_t fd = open_socket(STREAM);
  OK(__wasi_fd_fdstat_set_flags(fd, __WASI_FDFLAGS_NONBLOCK));
  FAILS(EINPROGRESS, raw_sock_connect(fd, &here, NEVER));
  FAILS(EALREADY, raw_sock_connect(fd, &here, NEVER));
  FAILS(EAGAIN, __wasi_sock_send(fd, &from, 1, 0, &count));
  FAILS(EAGAIN, __wasi_sock_recv(fd, &into, 1, 0, &count, &flags));
}

CASE(connections_that_the_host_does_not_make) {
  FAILS(EHOSTUNREACH, raw_sock_connect(open_socket(STREAM), &here, UNREACHABLE));
  FAILS(ETIMEDOUT, raw_sock_connect(open_socket(STREAM), &here, TOO_LATE));
  FAILS(EIO, raw_sock_connect(open_socket(STREAM), &here, BROKEN));
  FAILS(ECANCELED, raw_sock_connect(open_socket(STREAM), &here, CANCELLED));
  FAILS(EACCES, raw_sock_connect(open_socket(STREAM), &here, REJECTED));
}

CASE(sending_and_receiving) {
  __wasi_fd_t fd = bound(DATAGRAM), bare = bound(DATAGRAM);
  OK(__wasi_fd_fdstat_set_flags(fd, __WASI_FDFLAGS_NONBLOCK));
  FAILS(EAGAIN, raw_sock_recv_from(fd, &into, 1, &found, 0, &port, &count, &flags));
  FAILS(EINVAL, raw_sock_recv_from(fd, &into, 1, &found, 4, &port, &count, &flags));
  FAILS(EBADF, raw_sock_recv_from(NO_FD, &into, 1, &found, 0, &port, &count, &flags));
  FAILS(ENOTSOCK, raw_sock_recv_from(1, &into, 1, &found, 0, &port, &count, &flags));
  FAILS(ENOTCONN, raw_sock_recv_from(open_socket(STREAM), &into, 1, &found, 0, &port, &count, &flags));
  FAILS(EACCES, raw_sock_send_to(fd, &from, 1, &foreign, 80, 0, &count));
  FAILS(EINVAL, raw_sock_send_to(fd, &from, 1, &here, 80, 1, &count));
  FAILS(EAFNOSUPPORT, raw_sock_send_to(fd, &from, 1, &unknown, 80, 0, &count));
  FAILS(EBADF, raw_sock_send_to(NO_FD, &from, 1, &here, 80, 0, &count));
  FAILS(ENOTSOCK, raw_sock_send_to(1, &from, 1, &here, 80, 0, &count));
  FAILS(ENOTCONN, raw_sock_send_to(open_socket(STREAM), &from, 1, &here, 80, 0, &count));
  from.buf_len = sizeof bytes;
  FAILS(EMSGSIZE, raw_sock_send_to(fd, &from, 1, &here, 80, 0, &count));
  OK(__wasi_fd_fdstat_set_rights(bare, 0, 0));
  FAILS(ENOTCAPABLE, raw_sock_recv_from(bare, &into, 1, &found, 0, &port, &count, &flags));
  FAILS(ENOTCAPABLE, raw_sock_send_to(bare, &from, 1, &here, 80, 0, &count));

  // Where there is no room for the address of the sender.
  from.buf_len = 4;
  found.length = 3;
  port = 0;
  __wasi_fd_t receiver = bound(DATAGRAM);
  found.length = sizeof room;
  OK(raw_sock_send_to(fd, &from, 1, &here, port_of(receiver), 0, &count));
  found.length = 3;
  FAILS(EINVAL, raw_sock_recv_from(receiver, &into, 1, &found, 0, &port, &count, &flags));
}

CASE(addresses) {
  __wasi_fd_t fd = bound(STREAM);
  FAILS(ENOTCONN, raw_sock_getpeeraddr(fd, &found, &type, &port));
  FAILS(EBADF, raw_sock_getpeeraddr(NO_FD, &found, &type, &port));
  FAILS(ENOTSOCK, raw_sock_getpeeraddr(1, &found, &type, &port));
  FAILS(EBADF, raw_sock_getlocaladdr(NO_FD, &found, &type, &port));
  FAILS(ENOTSOCK, raw_sock_getlocaladdr(1, &found, &type, &port));
  OK(raw_sock_listen(fd, 1));
  __wasi_fd_t connected = open_socket(STREAM);
  OK(raw_sock_connect(connected, &here, port_of(fd)));
  found.length = 3;
  FAILS(EINVAL, raw_sock_getlocaladdr(connected, &found, &type, &port));
  FAILS(EINVAL, raw_sock_getpeeraddr(connected, &found, &type, &port));
}

CASE(options) {
  __wasi_fd_t fd = open_socket(STREAM);
  FAILS(ENOPROTOOPT, raw_sock_getsockopt(fd, 1, 2, &value, &length));
  FAILS(ENOPROTOOPT, raw_sock_getsockopt(fd, 0, 99, &value, &length));
  FAILS(EBADF, raw_sock_getsockopt(NO_FD, 0, 2, &value, &length));
  FAILS(ENOTSOCK, raw_sock_getsockopt(1, 0, 2, &value, &length));
  FAILS(ENOPROTOOPT, raw_sock_setsockopt(fd, 1, 7, &value, sizeof value));
  FAILS(ENOPROTOOPT, raw_sock_setsockopt(fd, 0, 99, &value, sizeof value));
  FAILS(EINVAL, raw_sock_setsockopt(fd, 0, 7, &value, 3));
  FAILS(EBADF, raw_sock_setsockopt(NO_FD, 0, 7, &value, sizeof value));
  FAILS(ENOTSOCK, raw_sock_setsockopt(1, 0, 7, &value, sizeof value));
  length = 3;
  FAILS(EINVAL, raw_sock_getsockopt(fd, 0, 2, &value, &length));
}

CASE(names) {
  static uint8_t hints[28];
  void *results = NULL;
  FAILS(EACCES, raw_sock_getaddrinfo("example.com", 11, "80", 2, hints, &results, 1, &value));
}
