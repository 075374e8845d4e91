// Rights, which can only become fewer.

#include "case.h"

CASE(of_a_file) {
  __wasi_rights_t rights = RIGHT(FD_READ) | RIGHT(FD_WRITE) | RIGHT(FD_SEEK) | RIGHT(FD_TELL);
  __wasi_fd_t fd = open_with(ROOT, "file", CREAT, rights, 0);
  char bytes[8];
  size_t count;
  __wasi_ciovec_t vector = {(const uint8_t *)"x", 1};
  write_text(fd, "text");
  seek_to(fd, 0, __WASI_WHENCE_SET);
  expect_text(fd, "text");
  OK(__wasi_fd_fdstat_set_rights(fd, RIGHT(FD_SEEK) | RIGHT(FD_TELL), 0));
  SAME(RIGHT(FD_SEEK) | RIGHT(FD_TELL), fdstat_of(fd).fs_rights_base);
  SAME(0, fdstat_of(fd).fs_rights_inheriting);
  seek_to(fd, 0, __WASI_WHENCE_SET);
  FAILS(ENOTCAPABLE, read_bytes(fd, bytes, sizeof bytes, &count));
  FAILS(ENOTCAPABLE, __wasi_fd_write(fd, &vector, 1, &count));
  FAILS(ENOTCAPABLE, __wasi_fd_fdstat_set_rights(fd, rights, 0));
  FAILS(ENOTCAPABLE, __wasi_fd_fdstat_set_rights(fd, RIGHT(FD_SEEK), RIGHT(FD_READ)));
  OK(__wasi_fd_fdstat_set_rights(fd, RIGHT(FD_TELL), 0));
  SAME(0, position_of(fd));
  __wasi_filesize_t position;
  OK(__wasi_fd_seek(fd, 0, __WASI_WHENCE_CUR, &position));
  FAILS(ENOTCAPABLE, __wasi_fd_seek(fd, 1, __WASI_WHENCE_CUR, &position));
  FAILS(EBADF, __wasi_fd_fdstat_set_rights(NO_FD, 0, 0));
}

// What each function asks of a file.
CASE(each_of_a_file) {
  make_file("file", "");
  __wasi_fd_t fd = open_with(ROOT, "file", 0, 0, 0);
  uint8_t bytes[64];
  __wasi_size_t count;
  __wasi_filesize_t position;
  __wasi_filestat_t status;
  FAILS(ENOTCAPABLE, __wasi_fd_read(fd, NULL, 0, &count));
  FAILS(ENOTCAPABLE, __wasi_fd_write(fd, NULL, 0, &count));
  FAILS(ENOTCAPABLE, __wasi_fd_pread(fd, NULL, 0, 0, &count));
  FAILS(ENOTCAPABLE, __wasi_fd_pwrite(fd, NULL, 0, 0, &count));
  FAILS(ENOTCAPABLE, __wasi_fd_seek(fd, 0, __WASI_WHENCE_SET, &position));
  FAILS(ENOTCAPABLE, __wasi_fd_tell(fd, &position));
  FAILS(ENOTCAPABLE, __wasi_fd_advise(fd, 0, 0, 0));
  FAILS(ENOTCAPABLE, __wasi_fd_allocate(fd, 0, 1));
  FAILS(ENOTCAPABLE, __wasi_fd_sync(fd));
  FAILS(ENOTCAPABLE, __wasi_fd_datasync(fd));
  FAILS(ENOTCAPABLE, __wasi_fd_fdstat_set_flags(fd, 0));
  FAILS(ENOTCAPABLE, __wasi_fd_filestat_get(fd, &status));
  FAILS(ENOTCAPABLE, __wasi_fd_filestat_set_size(fd, 0));
  FAILS(ENOTCAPABLE, __wasi_fd_filestat_set_times(fd, 0, 0, 0));
  FAILS(ENOTCAPABLE, __wasi_fd_readdir(fd, bytes, sizeof bytes, 0, &count));
  OK(__wasi_fd_close(fd));
}

// What each function asks of a directory.
CASE(each_of_a_directory) {
  make_file("file", "");
  __wasi_fd_t fd = open_with(ROOT, ".", DIRECTORY, 0, 0);
  uint8_t bytes[64];
  __wasi_size_t count;
  __wasi_filestat_t status;
  FAILS(ENOTCAPABLE, try_open(fd, 0, "file", 0, 0));
  FAILS(ENOTCAPABLE, __wasi_fd_readdir(fd, bytes, sizeof bytes, 0, &count));
  FAILS(ENOTCAPABLE, __wasi_path_create_directory(fd, "d"));
  FAILS(ENOTCAPABLE, __wasi_path_filestat_get(fd, 0, "file", &status));
  FAILS(ENOTCAPABLE, __wasi_path_filestat_set_times(fd, 0, "file", 0, 0, 0));
  FAILS(ENOTCAPABLE, __wasi_path_link(fd, 0, "file", ROOT, "link"));
  FAILS(ENOTCAPABLE, __wasi_path_link(ROOT, 0, "file", fd, "link"));
  FAILS(ENOTCAPABLE, __wasi_path_readlink(fd, "file", bytes, sizeof bytes, &count));
  FAILS(ENOTCAPABLE, __wasi_path_remove_directory(fd, "d"));
  FAILS(ENOTCAPABLE, __wasi_path_rename(fd, "file", ROOT, "target"));
  FAILS(ENOTCAPABLE, __wasi_path_rename(ROOT, "file", fd, "target"));
  FAILS(ENOTCAPABLE, __wasi_path_symlink("file", fd, "link"));
  FAILS(ENOTCAPABLE, __wasi_path_unlink_file(fd, "file"));
  FAILS(ENOTCAPABLE, __wasi_fd_filestat_get(fd, &status));
  FAILS(ENOTCAPABLE, __wasi_fd_filestat_set_times(fd, 0, 0, 0));
  FAILS(ENOTCAPABLE, __wasi_fd_sync(fd));
  SAME(0, status_of("file").size);
}

// A directory gives files no more than it may pass on, and what is opened through that no more either.
CASE(inherited) {
  make_file("file", "text");
  OK(__wasi_path_create_directory(ROOT, "d"));
  make_file("d/file", "text");
  __wasi_fd_t fd, nested;
  OK(__wasi_path_open(ROOT, 0, ".", DIRECTORY, RIGHT(PATH_OPEN), RIGHT(PATH_OPEN) | RIGHT(FD_READ), 0, &fd));
  SAME(RIGHT(PATH_OPEN), fdstat_of(fd).fs_rights_base);
  SAME(RIGHT(PATH_OPEN) | RIGHT(FD_READ), fdstat_of(fd).fs_rights_inheriting);
  OK(try_open(fd, 0, "file", 0, RIGHT(FD_READ)));
  FAILS(ENOTCAPABLE, try_open(fd, 0, "file", 0, RIGHT(FD_READ) | RIGHT(FD_WRITE)));
  FAILS(ENOTCAPABLE, try_open(fd, 0, "new", CREAT, 0));
  FAILS(ENOTCAPABLE, try_open(fd, 0, "file", TRUNC, 0));
  FAILS(ENOTCAPABLE, __wasi_path_open(fd, 0, "d", DIRECTORY, RIGHT(PATH_OPEN), RIGHT(FD_WRITE), 0, &nested));
  OK(__wasi_path_open(fd, 0, "d", DIRECTORY, RIGHT(PATH_OPEN), RIGHT(FD_READ), 0, &nested));
  OK(try_open(nested, 0, "file", 0, RIGHT(FD_READ)));
  FAILS(ENOTCAPABLE, try_open(nested, 0, "file", 0, RIGHT(FD_WRITE)));
  FAILS(ENOTCAPABLE, __wasi_path_open(nested, 0, "file", 0, 0, RIGHT(PATH_OPEN), 0, &fd));
}

CASE(of_truncation) {
  make_file("file", "text");
  __wasi_fd_t fd = open_directory(".");
  __wasi_fdstat_t status = fdstat_of(fd);
  SAME(0, status.fs_rights_base & RIGHT(FD_FILESTAT_SET_SIZE));
  EXPECT(status.fs_rights_base & RIGHT(PATH_FILESTAT_SET_SIZE));
  OK(try_open(fd, 0, "file", TRUNC, 0));
  OK(__wasi_fd_fdstat_set_rights(fd, status.fs_rights_base, status.fs_rights_inheriting & ~RIGHT(FD_FILESTAT_SET_SIZE)));
  OK(try_open(fd, 0, "file", TRUNC, 0));
  OK(__wasi_fd_fdstat_set_rights(fd, status.fs_rights_base & ~RIGHT(PATH_FILESTAT_SET_SIZE), status.fs_rights_inheriting & ~RIGHT(FD_FILESTAT_SET_SIZE)));
  SAME(0, fdstat_of(fd).fs_rights_base & RIGHT(PATH_FILESTAT_SET_SIZE));
  FAILS(ENOTCAPABLE, try_open(fd, 0, "file", TRUNC, 0));
}
