// Open files: bytes, position, length, times and flags.

#include "case.h"

CASE(bytes_are_read_and_written_at_the_position) {
  __wasi_fd_t fd = open_file("file", CREAT);
  SAME(0, position_of(fd));
  SAME(6, write_text(fd, "abcdef"));
  SAME(6, position_of(fd));
  SAME(3, seek_to(fd, -3, __WASI_WHENCE_CUR));
  expect_text(fd, "def");
  SAME(6, position_of(fd));
  expect_text(fd, "");
  SAME(4, seek_to(fd, -2, __WASI_WHENCE_END));
  SAME(1, write_text(fd, "X"));
  SAME(0, seek_to(fd, 0, __WASI_WHENCE_SET));
  expect_text(fd, "abcdXf");
}

CASE(seeking) {
  __wasi_fd_t fd = open_file("file", CREAT);
  __wasi_filesize_t position = 77;
  write_text(fd, "0123456789");
  SAME(1010, seek_to(fd, 1000, __WASI_WHENCE_CUR));
  expect_text(fd, "");
  FAILS(EINVAL, __wasi_fd_seek(fd, -2000, __WASI_WHENCE_CUR, &position));
  FAILS(EINVAL, __wasi_fd_seek(fd, -1, __WASI_WHENCE_SET, &position));
  FAILS(EINVAL, __wasi_fd_seek(fd, -11, __WASI_WHENCE_END, &position));
  FAILS(EINVAL, __wasi_fd_seek(fd, INT64_MIN, __WASI_WHENCE_CUR, &position));
  FAILS(EINVAL, __wasi_fd_seek(fd, 0, 3, &position));
  FAILS(EINVAL, __wasi_fd_seek(fd, 0, 255, &position));
  FAILS(EOVERFLOW, __wasi_fd_seek(fd, INT64_MAX, __WASI_WHENCE_CUR, &position));
  SAME(77, position);
  SAME(1010, position_of(fd));
  FAILS(EBADF, __wasi_fd_seek(NO_FD, 0, __WASI_WHENCE_SET, &position));
  FAILS(EBADF, __wasi_fd_tell(NO_FD, &position));
  SAME(INT64_MAX, seek_to(fd, INT64_MAX, __WASI_WHENCE_SET));
  expect_text(fd, "");
  __wasi_ciovec_t vector = {(const uint8_t *)"x", 1};
  __wasi_size_t count;
  FAILS(EFBIG, __wasi_fd_write(fd, &vector, 1, &count));
}

// What is between the end and the place that is written is zero.
CASE(a_hole) {
  __wasi_fd_t fd = open_file("file", CREAT);
  write_text(fd, "a");
  seek_to(fd, 100, __WASI_WHENCE_SET);
  write_text(fd, "b");
  SAME(101, status_of_fd(fd).size);
  seek_to(fd, 0, __WASI_WHENCE_SET);
  char bytes[200];
  size_t count;
  OK(read_bytes(fd, bytes, sizeof bytes, &count));
  SAME(101, count);
  EXPECT(bytes[0] == 'a' && bytes[100] == 'b');
  for (int i = 1; i < 100; i++) SAME(0, bytes[i]);
}

CASE(bytes_are_read_and_written_elsewhere) {
  __wasi_fd_t fd = open_file("file", CREAT);
  __wasi_size_t count;
  __wasi_ciovec_t from[] = {{(const uint8_t *)"ab", 2}, {NULL, 0}, {(const uint8_t *)"cd", 2}};
  OK(__wasi_fd_pwrite(fd, from, 3, 0, &count));
  SAME(4, count);
  char first[2] = "", second[4] = {0};
  __wasi_iovec_t into[] = {{(uint8_t *)first, 2}, {(uint8_t *)second, 4}};
  OK(__wasi_fd_pread(fd, into, 2, 0, &count));
  SAME(4, count);
  EXPECT(memcmp(first, "ab", 2) == 0 && memcmp(second, "cd\0\0", 4) == 0);
  OK(__wasi_fd_pread(fd, into, 1, 3, &count));
  SAME(1, count);
  EXPECT(memcmp(first, "db", 2) == 0);
  OK(__wasi_fd_pread(fd, into, 1, 4, &count));
  SAME(0, count);
  OK(__wasi_fd_pread(fd, into, 1, INT64_MAX, &count));
  SAME(0, count);
  OK(__wasi_fd_pwrite(fd, from, 1, 3, &count));
  SAME(2, count);
  SAME(0, position_of(fd));
  expect_text(fd, "abcab");
  FAILS(EINVAL, __wasi_fd_pread(fd, into, 1, UINT64_MAX, &count));
  FAILS(EINVAL, __wasi_fd_pwrite(fd, from, 1, UINT64_MAX, &count));
  FAILS(EFBIG, __wasi_fd_pwrite(fd, from, 1, INT64_MAX, &count));
  FAILS(EBADF, __wasi_fd_pread(NO_FD, into, 1, 0, &count));
  FAILS(EBADF, __wasi_fd_pwrite(NO_FD, from, 1, 0, &count));
}

CASE(no_bytes_at_all) {
  __wasi_fd_t fd = open_file("file", CREAT);
  __wasi_size_t count = 7;
  OK(__wasi_fd_write(fd, NULL, 0, &count));
  SAME(0, count);
  count = 7;
  OK(__wasi_fd_read(fd, NULL, 0, &count));
  SAME(0, count);
  SAME(0, write_text(fd, ""));
  SAME(0, status_of_fd(fd).size);
}

CASE(many_vectors) {
  static __wasi_ciovec_t from[1025];
  static __wasi_iovec_t into[1025];
  static uint8_t bytes[1025], read[1025];
  for (int i = 0; i < 1025; i++) {
    bytes[i] = i * 7;
    from[i] = (__wasi_ciovec_t){bytes + i, 1};
    into[i] = (__wasi_iovec_t){read + i, 1};
  }
  __wasi_fd_t fd = open_file("file", CREAT);
  __wasi_size_t count;
  FAILS(EINVAL, __wasi_fd_write(fd, from, 1025, &count));
  FAILS(EINVAL, __wasi_fd_read(fd, into, 1025, &count));
  FAILS(EINVAL, __wasi_fd_pwrite(fd, from, 1025, 0, &count));
  FAILS(EINVAL, __wasi_fd_pread(fd, into, 1025, 0, &count));
  OK(__wasi_fd_write(fd, from, 1024, &count));
  SAME(1024, count);
  OK(__wasi_fd_pread(fd, into, 1024, 0, &count));
  SAME(1024, count);
  EXPECT(memcmp(bytes, read, 1024) == 0);
}

// What one file descriptor writes another one of the same file reads.
CASE(nothing_is_held_back) {
  __wasi_fd_t reader = open_with(ROOT, "file", CREAT, RIGHT(FD_READ), 0);
  __wasi_fd_t writer = open_with(ROOT, "file", 0, RIGHT(FD_WRITE), 0);
  expect_text(reader, "");
  write_text(writer, "x");
  expect_text(reader, "x");
}

CASE(the_length_of_a_file) {
  __wasi_fd_t fd = open_file("file", CREAT);
  SAME(0, status_of_fd(fd).size);
  OK(__wasi_fd_filestat_set_size(fd, 100));
  SAME(100, status_of_fd(fd).size);
  SAME(100, status_of("file").size);
  SAME(0, position_of(fd));
  OK(__wasi_fd_filestat_set_size(fd, 3));
  write_text(fd, "abcdef");
  OK(__wasi_fd_filestat_set_size(fd, 2));
  OK(__wasi_fd_filestat_set_size(fd, 4));
  char bytes[8];
  size_t count;
  seek_to(fd, 0, __WASI_WHENCE_SET);
  OK(read_bytes(fd, bytes, sizeof bytes, &count));
  SAME(4, count);
  EXPECT(memcmp(bytes, "ab\0\0", 4) == 0);
  FAILS(EINVAL, __wasi_fd_filestat_set_size(fd, UINT64_MAX));
  SAME(4, status_of_fd(fd).size);

  // Not every file system can have a file of that length, but then nothing can be behind it.
  if (__wasi_fd_filestat_set_size(fd, INT64_MAX) == 0) {
    OK(__wasi_fd_fdstat_set_flags(fd, __WASI_FDFLAGS_APPEND));
    __wasi_ciovec_t vector = {(const uint8_t *)"x", 1};
    FAILS(EFBIG, __wasi_fd_write(fd, &vector, 1, &count));
  } else {
    FAILS(EFBIG, __wasi_fd_filestat_set_size(fd, INT64_MAX));
  }
  FAILS(EBADF, __wasi_fd_filestat_set_size(NO_FD, 0));
  FAILS(ENOTCAPABLE, __wasi_fd_filestat_set_size(1, 0));
}

CASE(space_is_allocated) {
  __wasi_fd_t fd = open_file("file", CREAT);
  OK(__wasi_fd_allocate(fd, 0, 100));
  SAME(100, status_of_fd(fd).size);
  OK(__wasi_fd_allocate(fd, 10, 10));
  SAME(100, status_of_fd(fd).size);
  OK(__wasi_fd_allocate(fd, 90, 20));
  SAME(110, status_of_fd(fd).size);
  FAILS(EINVAL, __wasi_fd_allocate(fd, 0, 0));
  FAILS(EINVAL, __wasi_fd_allocate(fd, UINT64_MAX, 1));
  FAILS(EINVAL, __wasi_fd_allocate(fd, 0, UINT64_MAX));
  FAILS(EFBIG, __wasi_fd_allocate(fd, INT64_MAX, 1));
  FAILS(EBADF, __wasi_fd_allocate(NO_FD, 0, 1));
  FAILS(ENOTCAPABLE, __wasi_fd_allocate(1, 0, 1));
  SAME(110, status_of_fd(fd).size);
}

CASE(advice) {
  __wasi_fd_t fd = open_file("file", CREAT);
  OK(__wasi_fd_filestat_set_size(fd, 100));
  for (int advice = 0; advice < 6; advice++) OK(__wasi_fd_advise(fd, 10, 50, advice));
  OK(__wasi_fd_advise(fd, 0, 0, __WASI_ADVICE_NORMAL));
  SAME(100, status_of_fd(fd).size);
  FAILS(EINVAL, __wasi_fd_advise(fd, 0, 0, 6));
  FAILS(EINVAL, __wasi_fd_advise(fd, UINT64_MAX, 0, __WASI_ADVICE_NORMAL));
  FAILS(EINVAL, __wasi_fd_advise(fd, 0, UINT64_MAX, __WASI_ADVICE_NORMAL));
  FAILS(EBADF, __wasi_fd_advise(NO_FD, 0, 0, __WASI_ADVICE_NORMAL));
  FAILS(ENOTCAPABLE, __wasi_fd_advise(0, 0, 0, __WASI_ADVICE_NORMAL));
}

CASE(appending) {
  __wasi_fd_t fd = open_with(ROOT, "file", CREAT, FILE_RIGHTS, __WASI_FDFLAGS_APPEND);
  SAME(__WASI_FDFLAGS_APPEND, fdstat_of(fd).fs_flags);
  write_text(fd, "one");
  seek_to(fd, 0, __WASI_WHENCE_SET);
  expect_text(fd, "one");
  seek_to(fd, 0, __WASI_WHENCE_SET);
  write_text(fd, "two");
  SAME(6, position_of(fd));

  // As on Linux, writing elsewhere appends, too; it leaves the position alone.
  seek_to(fd, 1, __WASI_WHENCE_SET);
  __wasi_ciovec_t vector = {(const uint8_t *)"three", 5};
  __wasi_size_t count;
  OK(__wasi_fd_pwrite(fd, &vector, 1, 0, &count));
  SAME(5, count);
  SAME(1, position_of(fd));
  SAME(11, status_of_fd(fd).size);

  OK(__wasi_fd_fdstat_set_flags(fd, 0));
  SAME(0, fdstat_of(fd).fs_flags);
  seek_to(fd, 0, __WASI_WHENCE_SET);
  write_text(fd, "ONE");
  OK(__wasi_fd_fdstat_set_flags(fd, __WASI_FDFLAGS_APPEND));
  seek_to(fd, 0, __WASI_WHENCE_SET);
  write_text(fd, "!");
  OK(__wasi_fd_close(fd));
  expect_file("file", "ONEtwothree!");
}

CASE(flags) {
  __wasi_fd_t fd = open_file("file", CREAT);
  for (int flags = 0; flags < 32; flags++) {
    OK(__wasi_fd_fdstat_set_flags(fd, flags));
    SAME(flags, fdstat_of(fd).fs_flags);
  }
  FAILS(EINVAL, __wasi_fd_fdstat_set_flags(fd, 32));
  FAILS(EBADF, __wasi_fd_fdstat_set_flags(NO_FD, 0));
  __wasi_fd_t synced = open_with(ROOT, "file", 0, FILE_RIGHTS, __WASI_FDFLAGS_APPEND | __WASI_FDFLAGS_SYNC);
  SAME(__WASI_FDFLAGS_APPEND | __WASI_FDFLAGS_SYNC, fdstat_of(synced).fs_flags);
  write_text(synced, "text");
  OK(__wasi_fd_sync(synced));
  OK(__wasi_fd_datasync(synced));
  FAILS(EBADF, __wasi_fd_sync(NO_FD));
  FAILS(EBADF, __wasi_fd_datasync(NO_FD));
  FAILS(ENOTCAPABLE, __wasi_fd_datasync(0));
}

CASE(times_of_an_open_file) {
  __wasi_fd_t fd = open_file("file", CREAT);
  __wasi_filestat_t old = status_of_fd(fd);
  OK(__wasi_fd_filestat_set_times(fd, 7, old.mtim - 100, __WASI_FSTFLAGS_MTIM));
  SAME(old.mtim - 100, status_of_fd(fd).mtim);
  SAME(old.atim, status_of_fd(fd).atim);
  OK(__wasi_fd_filestat_set_times(fd, 1234567890123456700, 7, __WASI_FSTFLAGS_ATIM));
  SAME(1234567890123456700, status_of_fd(fd).atim);
  SAME(old.mtim - 100, status_of_fd(fd).mtim);
  OK(__wasi_fd_filestat_set_times(fd, 0, 0, __WASI_FSTFLAGS_ATIM_NOW | __WASI_FSTFLAGS_MTIM_NOW));
  EXPECT(status_of_fd(fd).atim > 1600000000000000000);
  EXPECT(status_of_fd(fd).mtim > 1600000000000000000);
  FAILS(EINVAL, __wasi_fd_filestat_set_times(fd, 100, 200, __WASI_FSTFLAGS_MTIM | __WASI_FSTFLAGS_MTIM_NOW));
  FAILS(EINVAL, __wasi_fd_filestat_set_times(fd, 100, 200, __WASI_FSTFLAGS_ATIM | __WASI_FSTFLAGS_ATIM_NOW));
  FAILS(EINVAL, __wasi_fd_filestat_set_times(fd, 100, 200, 16));
  OK(__wasi_fd_filestat_set_times(fd, 100, 200, 0));
  EXPECT(status_of_fd(fd).atim > 1600000000000000000);
  FAILS(EBADF, __wasi_fd_filestat_set_times(NO_FD, 0, 0, 0));
  FAILS(ENOTCAPABLE, __wasi_fd_filestat_set_times(0, 0, 0, 0));
  OK(__wasi_fd_filestat_set_times(ROOT, 0, 1234567890000000000, __WASI_FSTFLAGS_MTIM));
  SAME(1234567890000000000, status_of_fd(ROOT).mtim);
}

CASE(what_writing_does_to_times) {
  __wasi_fd_t fd = open_file("file", CREAT);
  OK(__wasi_fd_filestat_set_times(fd, 1000000000000000000, 1000000000000000000, __WASI_FSTFLAGS_ATIM | __WASI_FSTFLAGS_MTIM));
  write_text(fd, "text");
  __wasi_filestat_t status = status_of_fd(fd);
  EXPECT(status.mtim > 1600000000000000000);
  EXPECT(status.ctim >= status.mtim);
  SAME(1000000000000000000, status.atim);
  OK(__wasi_fd_filestat_set_times(fd, 0, 1000000000000000000, __WASI_FSTFLAGS_MTIM));
  OK(__wasi_fd_filestat_set_size(fd, 1));
  EXPECT(status_of_fd(fd).mtim > 1600000000000000000);
}

CASE(the_status_of_a_file) {
  make_file("file", "text");
  make_file("other", "");
  __wasi_fd_t fd = open_file("file", 0);
  __wasi_filestat_t status, other = status_of("other"), by_path = status_of("file");
  memset(&status, 0xff, sizeof status);
  OK(__wasi_fd_filestat_get(fd, &status));
  SAME(__WASI_FILETYPE_REGULAR_FILE, status.filetype);
  SAME(4, status.size);
  SAME(1, status.nlink);
  SAME(by_path.ino, status.ino);
  SAME(by_path.dev, status.dev);
  SAME(other.dev, status.dev);
  EXPECT(other.ino != status.ino);
  SAME(__WASI_FILETYPE_REGULAR_FILE, ((uint64_t *)&status)[2]);
  FAILS(EBADF, __wasi_fd_filestat_get(NO_FD, &status));
  __wasi_fdstat_t fdstat;
  memset(&fdstat, 0xff, sizeof fdstat);
  OK(__wasi_fd_fdstat_get(fd, &fdstat));
  SAME(__WASI_FILETYPE_REGULAR_FILE, fdstat.fs_filetype);
  SAME(0, fdstat.fs_flags);
  SAME(FILE_RIGHTS, fdstat.fs_rights_base);
  SAME(__WASI_FILETYPE_REGULAR_FILE, ((uint64_t *)&fdstat)[0]);
  FAILS(EBADF, __wasi_fd_fdstat_get(NO_FD, &fdstat));
}

// A megabyte at once, and a piece more than a call takes.
CASE(much_at_once) {
  enum { BYTES = 17 << 20 };
  uint8_t *bytes = malloc(BYTES), *back = malloc(BYTES);
  EXPECT(bytes != NULL && back != NULL);
  for (int i = 0; i < BYTES; i++) bytes[i] = (i * 2654435761u) >> 24;
  __wasi_fd_t fd = open_file("file", CREAT);
  for (size_t done = 0; done < BYTES;) {
    __wasi_ciovec_t vector = {bytes + done, BYTES - done};
    __wasi_size_t count;
    OK(__wasi_fd_write(fd, &vector, 1, &count));
    EXPECT(count > 0);
    done += count;
  }
  SAME(BYTES, status_of_fd(fd).size);
  seek_to(fd, 0, __WASI_WHENCE_SET);
  for (size_t done = 0; done < BYTES;) {
    size_t count;
    OK(read_bytes(fd, back + done, BYTES - done, &count));
    EXPECT(count > 0);
    done += count;
  }
  EXPECT(memcmp(bytes, back, BYTES) == 0);
}
