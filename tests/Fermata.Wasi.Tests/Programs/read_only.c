// File systems that cannot be written: a file and a link to it, and a directory with a file.

#include "case.h"

CASE(files_are_opened_to_be_read) {
  expect_file_of(open_with(ROOT, "file", 0, RIGHT(FD_READ), 0), "text");
  expect_file_of(open_with(ROOT, "link", 0, RIGHT(FD_READ), 0), "text");
  expect_file_of(open_with(ROOT, "d/file", CREAT, RIGHT(FD_READ), 0), "text");
  FAILS(EROFS, try_open(ROOT, 0, "file", 0, RIGHT(FD_WRITE)));
  FAILS(EROFS, try_open(ROOT, 0, "file", 0, RIGHT(FD_READ) | RIGHT(FD_ALLOCATE)));
  FAILS(EROFS, try_open(ROOT, 0, "file", TRUNC, 0));
  FAILS(EROFS, try_open(ROOT, 0, "new", CREAT, 0));
  FAILS(EEXIST, try_open(ROOT, 0, "file", CREAT | EXCL, RIGHT(FD_WRITE)));
  FAILS(ENOENT, try_open(ROOT, 0, "missing", 0, RIGHT(FD_WRITE)));
  FAILS(EISDIR, try_open(ROOT, 0, "d", 0, RIGHT(FD_WRITE)));
}

// What is there already is told first: programs that make all directories of a path rely on it.
CASE(nothing_is_made) {
  FAILS(EROFS, __wasi_path_create_directory(ROOT, "new"));
  FAILS(EEXIST, __wasi_path_create_directory(ROOT, "d"));
  FAILS(EROFS, __wasi_path_symlink("file", ROOT, "new"));
  FAILS(EEXIST, __wasi_path_symlink("file", ROOT, "link"));
  FAILS(EROFS, __wasi_path_link(ROOT, 0, "file", ROOT, "new"));
}

CASE(nothing_is_moved_or_removed) {
  FAILS(EROFS, __wasi_path_rename(ROOT, "file", ROOT, "new"));
  FAILS(EROFS, __wasi_path_rename(ROOT, "d", ROOT, "new"));
  FAILS(EROFS, __wasi_path_unlink_file(ROOT, "file"));
  FAILS(EROFS, __wasi_path_remove_directory(ROOT, "d"));
  expect_file_of(open_with(ROOT, "d/file", 0, RIGHT(FD_READ), 0), "text");
}

CASE(times_stay) {
  __wasi_filestat_t before = status_of("file");
  __wasi_fd_t fd = open_with(ROOT, "file", 0, RIGHT(FD_FILESTAT_SET_TIMES), 0);
  FAILS(EROFS, __wasi_path_filestat_set_times(ROOT, 0, "file", 0, 1, __WASI_FSTFLAGS_MTIM));
  FAILS(EROFS, __wasi_path_filestat_set_times(ROOT, 0, ".", 0, 1, __WASI_FSTFLAGS_MTIM));
  FAILS(EROFS, __wasi_fd_filestat_set_times(fd, 0, 1, __WASI_FSTFLAGS_MTIM));
  FAILS(EROFS, __wasi_fd_filestat_set_times(ROOT, 0, 1, __WASI_FSTFLAGS_MTIM));
  SAME(before.mtim, status_of("file").mtim);
  OK(__wasi_fd_sync(ROOT));
}
