// What the programs share. A program is a list of cases, of which its argument names one; an expectation that is not met is told on standard error, and ends the
// program with exit code 1. What a case finds under "/", which is file descriptor 3, is said by GivenSurrounding.cs: an empty directory, if its program says nothing else.
//
// Which function is seen to give which error is read from the sources (ErrorTableTests.cs), for docs/wasi.md: from FAILS with the name of an error and a call.

#ifndef CASE_H
#define CASE_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasi/api.h>

struct test_case {
  const char *name;
  void (*run)(void);
  struct test_case *next;
};

static struct test_case *cases;

#define CASE(case_name)                                                                                  \
  static void case_name(void);                                                                           \
  __attribute__((constructor)) static void register_##case_name(void) {                                  \
    static struct test_case entry = {.name = #case_name, .run = case_name};                              \
    entry.next = cases;                                                                                  \
    cases = &entry;                                                                                      \
  }                                                                                                      \
  static void case_name(void)

static inline _Noreturn void give_up(const char *file, int line, const char *what, long long found) {
  fprintf(stderr, "%s:%d: %s, but found %lld (as an errno: %s)\n", file, line, what, found, strerror((int)found));
  exit(1);
}

// The condition holds.
#define EXPECT(condition)                                                                                \
  do {                                                                                                   \
    if (!(condition)) give_up(__FILE__, __LINE__, "expected " #condition, errno);                        \
  } while (0)

// Two numbers are the same.
#define SAME(wanted, call)                                                                               \
  do {                                                                                                   \
    long long found_ = (long long)(call);                                                                \
    if (found_ != (long long)(wanted)) give_up(__FILE__, __LINE__, "expected " #wanted " of " #call, found_); \
  } while (0)

// A function of WASI succeeds; fails with an error.
#define OK(call) SAME(0, call)
#define FAILS(error, call) SAME(error, call)

// A function of the C library returns -1, with an error.
#define FAILS_C(error, call)                                                                             \
  do {                                                                                                   \
    errno = 0;                                                                                           \
    SAME(-1, call);                                                                                      \
    SAME(error, errno);                                                                                  \
  } while (0)

enum { ROOT = 3, OTHER = 4, NO_FD = 1000 };

#define RIGHT(name) __WASI_RIGHTS_##name
#define FILE_RIGHTS                                                                                      \
  (RIGHT(FD_DATASYNC) | RIGHT(FD_READ) | RIGHT(FD_SEEK) | RIGHT(FD_FDSTAT_SET_FLAGS) | RIGHT(FD_SYNC) | \
   RIGHT(FD_TELL) | RIGHT(FD_WRITE) | RIGHT(FD_ADVISE) | RIGHT(FD_ALLOCATE) | RIGHT(FD_FILESTAT_GET) |   \
   RIGHT(FD_FILESTAT_SET_SIZE) | RIGHT(FD_FILESTAT_SET_TIMES) | RIGHT(POLL_FD_READWRITE))

#define CREAT __WASI_OFLAGS_CREAT
#define DIRECTORY __WASI_OFLAGS_DIRECTORY
#define EXCL __WASI_OFLAGS_EXCL
#define TRUNC __WASI_OFLAGS_TRUNC
#define FOLLOW __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW

// Each function with a path, be it the first or the second, fails with an error. The path is an array of characters, of which the last does not count.
#define EACH_PATH_FAILS(error, fd, path)                                                                 \
  do {                                                                                                   \
    __wasi_filestat_t status_;                                                                           \
    uint8_t bytes_[8];                                                                                   \
    __wasi_size_t count_;                                                                                \
    __wasi_fd_t opened_;                                                                                 \
    FAILS(error, raw_path_open(fd, 0, path, sizeof path - 1, 0, 0, 0, 0, &opened_));                     \
    FAILS(error, raw_path_create_directory(fd, path, sizeof path - 1));                                  \
    FAILS(error, raw_path_filestat_get(fd, 0, path, sizeof path - 1, &status_));                         \
    FAILS(error, raw_path_filestat_set_times(fd, 0, path, sizeof path - 1, 0, 0, 0));                    \
    FAILS(error, raw_path_link(fd, 0, path, sizeof path - 1, ROOT, "to", 2));                            \
    FAILS(error, raw_path_link(ROOT, 0, "file", 4, fd, path, sizeof path - 1));                          \
    FAILS(error, raw_path_readlink(fd, path, sizeof path - 1, bytes_, sizeof bytes_, &count_));          \
    FAILS(error, raw_path_remove_directory(fd, path, sizeof path - 1));                                  \
    FAILS(error, raw_path_rename(fd, path, sizeof path - 1, ROOT, "to", 2));                             \
    FAILS(error, raw_path_rename(ROOT, "file", 4, fd, path, sizeof path - 1));                           \
    FAILS(error, raw_path_symlink("target", 6, fd, path, sizeof path - 1));                              \
    FAILS(error, raw_path_unlink_file(fd, path, sizeof path - 1));                                       \
  } while (0)

// path_open with what it takes most often; the number of the error.
static inline int try_open(int directory, int lookup, const char *path, int flags, __wasi_rights_t rights) {
  __wasi_fd_t fd = NO_FD;
  int error = __wasi_path_open(directory, lookup, path, flags, rights, 0, 0, &fd);
  if (error == 0) OK(__wasi_fd_close(fd));
  return error;
}

static inline __wasi_fd_t open_with(int directory, const char *path, int flags, __wasi_rights_t rights, int fdflags) {
  __wasi_fd_t fd = NO_FD;
  OK(__wasi_path_open(directory, FOLLOW, path, flags, rights, 0, fdflags, &fd));
  EXPECT(fd != NO_FD);
  return fd;
}

static inline __wasi_fd_t open_file(const char *path, int flags) { return open_with(ROOT, path, flags, FILE_RIGHTS, 0); }

static inline __wasi_fd_t open_directory(const char *path) {
  __wasi_fdstat_t root;
  __wasi_fd_t fd = NO_FD;
  OK(__wasi_fd_fdstat_get(ROOT, &root));
  OK(__wasi_path_open(ROOT, 0, path, DIRECTORY, root.fs_rights_base, root.fs_rights_inheriting, 0, &fd));
  return fd;
}

static inline size_t write_text(__wasi_fd_t fd, const char *text) {
  __wasi_ciovec_t vector = {(const uint8_t *)text, strlen(text)};
  __wasi_size_t count = 0;
  OK(__wasi_fd_write(fd, &vector, 1, &count));
  return count;
}

// A new file with some text.
static inline void make_file(const char *path, const char *text) {
  __wasi_fd_t fd = open_file(path, CREAT | EXCL);
  SAME(strlen(text), write_text(fd, text));
  OK(__wasi_fd_close(fd));
}

static inline int read_bytes(__wasi_fd_t fd, void *buffer, size_t length, size_t *count) {
  __wasi_iovec_t vector = {buffer, length};
  return __wasi_fd_read(fd, &vector, 1, count);
}

// What a file descriptor has from its position on is that text.
static inline void expect_text(__wasi_fd_t fd, const char *text) {
  char buffer[256] = {0};
  size_t count = 0;
  OK(read_bytes(fd, buffer, sizeof buffer, &count));
  SAME(strlen(text), count);
  EXPECT(memcmp(buffer, text, count) == 0);
}

// What a new file descriptor has is that text; it is closed.
static inline void expect_file_of(__wasi_fd_t fd, const char *text) {
  expect_text(fd, text);
  OK(__wasi_fd_close(fd));
}

static inline void expect_file(const char *path, const char *text) { expect_file_of(open_file(path, 0), text); }

static inline __wasi_filestat_t status_of(const char *path) {
  __wasi_filestat_t status;
  OK(__wasi_path_filestat_get(ROOT, 0, path, &status));
  return status;
}

static inline __wasi_filestat_t status_of_fd(__wasi_fd_t fd) {
  __wasi_filestat_t status;
  OK(__wasi_fd_filestat_get(fd, &status));
  return status;
}

static inline __wasi_fdstat_t fdstat_of(__wasi_fd_t fd) {
  __wasi_fdstat_t status;
  OK(__wasi_fd_fdstat_get(fd, &status));
  return status;
}

static inline __wasi_filesize_t position_of(__wasi_fd_t fd) {
  __wasi_filesize_t position = 0;
  OK(__wasi_fd_tell(fd, &position));
  return position;
}

static inline __wasi_filesize_t seek_to(__wasi_fd_t fd, __wasi_filedelta_t offset, int whence) {
  __wasi_filesize_t position = 0;
  OK(__wasi_fd_seek(fd, offset, whence, &position));
  return position;
}

static inline __wasi_subscription_t descriptor_of(__wasi_userdata_t data, int type, __wasi_fd_t fd) {
  __wasi_subscription_t wait = {.userdata = data, .u.tag = type};
  wait.u.u.fd_read.file_descriptor = fd;
  return wait;
}

// poll_oneoff with one thing to wait for; the number of the error of its event.
static inline int poll_error(__wasi_subscription_t wait) {
  __wasi_event_t event;
  __wasi_size_t happened = 0;
  OK(__wasi_poll_oneoff(&wait, &event, 1, &happened));
  SAME(1, happened);
  SAME(wait.userdata, event.userdata);
  return event.error;
}

// Functions with the lengths of paths, which <wasi/api.h> takes from the text.
#define IMPORT(function) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#function)))
IMPORT(path_open)
int raw_path_open(int, int, const char *, size_t, int, int64_t, int64_t, int, __wasi_fd_t *);
IMPORT(path_create_directory)
int raw_path_create_directory(int, const char *, size_t);
IMPORT(path_filestat_get)
int raw_path_filestat_get(int, int, const char *, size_t, __wasi_filestat_t *);
IMPORT(path_filestat_set_times)
int raw_path_filestat_set_times(int, int, const char *, size_t, int64_t, int64_t, int);
IMPORT(path_link)
int raw_path_link(int, int, const char *, size_t, int, const char *, size_t);
IMPORT(path_readlink)
int raw_path_readlink(int, const char *, size_t, uint8_t *, size_t, __wasi_size_t *);
IMPORT(path_remove_directory)
int raw_path_remove_directory(int, const char *, size_t);
IMPORT(path_rename)
int raw_path_rename(int, const char *, size_t, int, const char *, size_t);
IMPORT(path_symlink)
int raw_path_symlink(const char *, size_t, int, const char *, size_t);
IMPORT(path_unlink_file)
int raw_path_unlink_file(int, const char *, size_t);
IMPORT(proc_raise)
int raw_proc_raise(int);

int main(int count, char **arguments) {
  for (struct test_case *each = cases; each != NULL && count > 1; each = each->next) {
    if (strcmp(each->name, arguments[1]) == 0) {
      each->run();
      return 0;
    }
  }
  fprintf(stderr, "the argument must name a case\n");
  return 2;
}

#endif
