// path_open.

#include "case.h"

CASE(what_is_missing) {
  FAILS(ENOENT, try_open(ROOT, 0, "file", 0, 0));
  FAILS(ENOENT, try_open(ROOT, 0, "file", DIRECTORY, 0));
  FAILS(ENOENT, try_open(ROOT, 0, "file", TRUNC, 0));
  FAILS(ENOENT, try_open(ROOT, 0, "missing/file", CREAT, 0));
  FAILS(ENOENT, try_open(ROOT, 0, "", CREAT, 0));
  FAILS(EBADF, try_open(NO_FD, 0, "file", CREAT, 0));
}

CASE(what_exists) {
  make_file("file", "text");
  OK(__wasi_path_create_directory(ROOT, "d"));
  FAILS(EEXIST, try_open(ROOT, 0, "file", CREAT | EXCL, 0));
  FAILS(EEXIST, try_open(ROOT, 0, "d", CREAT | EXCL, 0));
  OK(try_open(ROOT, 0, "file", CREAT, 0));
  OK(try_open(ROOT, 0, "file", EXCL, 0));
  SAME(4, status_of("file").size);
}

CASE(invalid_flags) {
  __wasi_fd_t fd = NO_FD;
  FAILS(EINVAL, try_open(ROOT, 0, "file", CREAT | DIRECTORY, 0));
  FAILS(EINVAL, try_open(ROOT, 0, "file", CREAT | 16, 0));
  FAILS(EINVAL, __wasi_path_open(ROOT, 0, "file", CREAT, 0, 0, 32, &fd));
  FAILS(ENOENT, try_open(ROOT, 0, "file", 0, 0));
  SAME(NO_FD, fd);
}

CASE(not_below_a_file) {
  __wasi_fd_t fd = open_file("file", CREAT);
  FAILS(ENOTDIR, try_open(ROOT, 0, "file/x", CREAT, 0));
  FAILS(ENOTDIR, try_open(ROOT, 0, "file/.", 0, 0));
  FAILS(ENOTDIR, try_open(ROOT, 0, "file/..", 0, 0));
  FAILS(ENOTDIR, try_open(ROOT, 0, "file", DIRECTORY, 0));
  FAILS(ENOTCAPABLE, try_open(fd, 0, "x", CREAT, 0));
  FAILS(ENOTCAPABLE, try_open(0, 0, "x", CREAT, 0));
}

CASE(reading_and_writing_by_rights) {
  char bytes[100];
  size_t count;
  __wasi_ciovec_t vector = {(const uint8_t *)"abc", 3};
  make_file("file", "");
  __wasi_fd_t reader = open_with(ROOT, "file", 0, RIGHT(FD_READ), 0);
  SAME(RIGHT(FD_READ), fdstat_of(reader).fs_rights_base);
  expect_text(reader, "");
  FAILS(ENOTCAPABLE, __wasi_fd_write(reader, &vector, 1, &count));
  __wasi_fd_t writer = open_with(ROOT, "file", 0, RIGHT(FD_WRITE), 0);
  SAME(RIGHT(FD_WRITE), fdstat_of(writer).fs_rights_base);
  FAILS(ENOTCAPABLE, read_bytes(writer, bytes, sizeof bytes, &count));
  OK(__wasi_fd_write(writer, &vector, 1, &count));
  __wasi_fd_t both = open_with(ROOT, "file", 0, RIGHT(FD_READ) | RIGHT(FD_WRITE) | RIGHT(FD_FILESTAT_GET), 0);
  expect_text(both, "abc");
  SAME(3, write_text(both, "def"));
  SAME(6, status_of_fd(both).size);
}

CASE(truncating) {
  make_file("file", "text");
  __wasi_fd_t fd = open_with(ROOT, "file", CREAT | TRUNC, RIGHT(FD_READ) | RIGHT(FD_WRITE), 0);
  expect_text(fd, "");
  write_text(fd, "text");
  OK(try_open(ROOT, 0, "file", TRUNC, 0));
  SAME(0, status_of("file").size);
  OK(__wasi_path_create_directory(ROOT, "d"));
  FAILS(EISDIR, try_open(ROOT, 0, "d", TRUNC, 0));
}

CASE(directories) {
  OK(__wasi_path_create_directory(ROOT, "d"));
  __wasi_fdstat_t root = fdstat_of(ROOT);
  __wasi_fd_t fd;
  OK(__wasi_path_open(ROOT, 0, ".", 0, root.fs_rights_base, root.fs_rights_inheriting, 0, &fd));
  SAME(root.fs_rights_base, fdstat_of(fd).fs_rights_base);
  SAME(root.fs_rights_inheriting, fdstat_of(fd).fs_rights_inheriting);
  OK(__wasi_fd_close(fd));
  const char *names[] = {".", "d", "d/", "d/..", "./d/."};
  for (int i = 0; i < 5; i++) {
    OK(try_open(ROOT, 0, names[i], 0, 0));
    OK(try_open(ROOT, 0, names[i], DIRECTORY, 0));
    OK(try_open(ROOT, 0, names[i], DIRECTORY, RIGHT(FD_READ)));
    FAILS(EISDIR, try_open(ROOT, 0, names[i], DIRECTORY, RIGHT(FD_READ) | RIGHT(FD_WRITE)));
    FAILS(EISDIR, try_open(ROOT, 0, names[i], 0, RIGHT(FD_WRITE)));
    FAILS(EISDIR, try_open(ROOT, 0, names[i], CREAT, 0));
  }
  OK(__wasi_path_open(ROOT, 0, ".", 0, 0, 0, __WASI_FDFLAGS_NONBLOCK, &fd));
  SAME(__WASI_FILETYPE_DIRECTORY, fdstat_of(fd).fs_filetype);
}

CASE(rights_a_program_relies_on) {
  __wasi_rights_t base = RIGHT(PATH_CREATE_DIRECTORY) | RIGHT(PATH_CREATE_FILE) | RIGHT(PATH_LINK_SOURCE) | RIGHT(PATH_LINK_TARGET) |
                         RIGHT(PATH_OPEN) | RIGHT(FD_READDIR) | RIGHT(PATH_READLINK) | RIGHT(PATH_RENAME_SOURCE) | RIGHT(PATH_RENAME_TARGET) |
                         RIGHT(PATH_SYMLINK) | RIGHT(PATH_REMOVE_DIRECTORY) | RIGHT(PATH_UNLINK_FILE) | RIGHT(PATH_FILESTAT_GET) |
                         RIGHT(PATH_FILESTAT_SET_TIMES) | RIGHT(FD_FILESTAT_GET) | RIGHT(FD_FILESTAT_SET_TIMES);
  __wasi_fdstat_t status = fdstat_of(ROOT);
  SAME(__WASI_FILETYPE_DIRECTORY, status.fs_filetype);
  SAME(0, status.fs_flags);
  SAME(base, status.fs_rights_base & base);
  SAME(base | FILE_RIGHTS, status.fs_rights_inheriting & (base | FILE_RIGHTS));
  SAME(0, status.fs_rights_base & RIGHT(FD_FILESTAT_SET_SIZE));
}

// The lowest number that is free.
CASE(numbers) {
  SAME(4, open_file("a", CREAT));
  SAME(5, open_file("b", CREAT));
  SAME(6, open_file("c", CREAT));
  OK(__wasi_fd_close(5));
  OK(__wasi_fd_close(4));
  SAME(4, open_file("a", CREAT));
  SAME(5, open_file("b", CREAT));
  SAME(7, open_file("c", CREAT));
  OK(__wasi_fd_close(0));
  SAME(0, (__wasi_path_open(ROOT, 0, "a", 0, 0, 0, 0, &(__wasi_fd_t){0})));
  SAME(8, open_file("c", CREAT));
}

CASE(more_than_there_may_be) {
  __wasi_fd_t fd = NO_FD;
  int error;
  make_file("file", "");
  for (int most = 0; (error = __wasi_path_open(ROOT, 0, "file", 0, 0, 0, 0, &fd)) == 0; most++) EXPECT(most < 100);
  FAILS(EMFILE, error);
  FAILS(EMFILE, __wasi_path_open(ROOT, 0, ".", 0, 0, 0, 0, &fd));
  OK(__wasi_fd_close(fd));
  SAME(fd, open_directory("."));
}
