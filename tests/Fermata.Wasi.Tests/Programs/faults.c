// A file system of the host that fails. "file" and the directory "d" can be opened, and then fail at whatever is done; entries that are named after an error give it, and others
// throw an exception of .NET. Standard input and output fail, too.

#include "case.h"

CASE(a_file) {
  __wasi_fd_t fd = open_file("file", 0);
  uint8_t bytes[4];
  __wasi_size_t count;
  __wasi_filesize_t position;
  __wasi_filestat_t status;
  __wasi_iovec_t into = {bytes, sizeof bytes};
  __wasi_ciovec_t from = {bytes, sizeof bytes};
  FAILS(EIO, __wasi_fd_allocate(fd, 0, 1));
  FAILS(EIO, __wasi_fd_datasync(fd));
  FAILS(EIO, __wasi_fd_filestat_get(fd, &status));
  FAILS(EIO, __wasi_fd_filestat_set_size(fd, 1));
  FAILS(EIO, __wasi_fd_filestat_set_times(fd, 0, 0, __WASI_FSTFLAGS_MTIM));
  FAILS(EIO, __wasi_fd_pread(fd, &into, 1, 0, &count));
  FAILS(EIO, __wasi_fd_pwrite(fd, &from, 1, 0, &count));
  FAILS(EIO, __wasi_fd_read(fd, &into, 1, &count));
  FAILS(EIO, __wasi_fd_seek(fd, 0, __WASI_WHENCE_END, &position));
  FAILS(EIO, __wasi_fd_sync(fd));
  FAILS(EIO, __wasi_fd_write(fd, &from, 1, &count));
  FAILS(EIO, poll_error(descriptor_of(1, __WASI_EVENTTYPE_FD_READ, fd)));
  SAME(0, position_of(fd));
  FAILS(EIO, __wasi_fd_close(fd));
}

CASE(a_directory) {
  __wasi_fd_t fd = open_directory("d");
  uint8_t bytes[64];
  __wasi_size_t count;
  __wasi_filestat_t status;
  FAILS(EIO, __wasi_fd_filestat_get(fd, &status));
  FAILS(EIO, __wasi_fd_filestat_set_times(fd, 0, 0, __WASI_FSTFLAGS_MTIM));
  FAILS(EIO, __wasi_fd_readdir(fd, bytes, sizeof bytes, 0, &count));
  FAILS(EIO, __wasi_fd_sync(fd));
  FAILS(EIO, __wasi_path_filestat_get(fd, 0, ".", &status));
  FAILS(EIO, __wasi_fd_close(fd));
}

// The descriptor is gone all the same.
CASE(closing) {
  __wasi_fd_t fd = open_file("file", 0), other = open_file("file", 0);
  FAILS(EIO, __wasi_fd_renumber(other, fd));
  FAILS(EBADF, __wasi_fd_close(other));
  SAME(__WASI_FILETYPE_REGULAR_FILE, fdstat_of(fd).fs_filetype);
  FAILS(EIO, __wasi_fd_close(fd));
  FAILS(EBADF, __wasi_fd_close(fd));
}

CASE(paths) {
  EACH_PATH_FAILS(EIO, ROOT, "broken");
  EACH_PATH_FAILS(EIO, ROOT, "broken/x");
}

CASE(exceptions) {
  FAILS(ENOENT, try_open(ROOT, 0, "FileNotFoundException", 0, 0));
  FAILS(ENOENT, try_open(ROOT, 0, "DirectoryNotFoundException", 0, 0));
  FAILS(EACCES, try_open(ROOT, 0, "UnauthorizedAccessException", 0, 0));
  FAILS(ENAMETOOLONG, try_open(ROOT, 0, "PathTooLongException", 0, 0));
  FAILS(ENOTSUP, try_open(ROOT, 0, "NotSupportedException", 0, 0));
  FAILS(ECANCELED, try_open(ROOT, 0, "TaskCanceledException", 0, 0));
  FAILS(ENOMEM, try_open(ROOT, 0, "OutOfMemoryException", 0, 0));
  FAILS(EIO, try_open(ROOT, 0, "IOException", 0, 0));
  FAILS(EIO, try_open(ROOT, 0, "NullReferenceException", 0, 0));
}

// What no file system of ours gives, as not all of the host's systems do, reaches the program by its name.
CASE(errors_of_the_file_system) {
  FAILS(EMLINK, __wasi_path_link(ROOT, 0, "file", ROOT, "EMLINK"));
  FAILS(EFBIG, try_open(ROOT, 0, "EFBIG", 0, 0));
  FAILS(EDQUOT, __wasi_path_create_directory(ROOT, "EDQUOT"));
  FAILS(ENOSYS, __wasi_path_symlink("target", ROOT, "ENOSYS"));
  FAILS(ECONNABORTED, try_open(ROOT, 0, "ECONNABORTED", 0, 0));
}

CASE(standard_streams) {
  uint8_t bytes[4];
  __wasi_size_t count;
  __wasi_iovec_t into = {bytes, sizeof bytes};
  __wasi_ciovec_t from = {bytes, sizeof bytes};
  FAILS(EIO, poll_error(descriptor_of(1, __WASI_EVENTTYPE_FD_READ, 0)));
  FAILS(EIO, __wasi_fd_read(0, &into, 1, &count));
  FAILS(EIO, __wasi_fd_write(1, &from, 1, &count));
  FAILS(EIO, __wasi_fd_sync(1));
  FAILS(EIO, __wasi_fd_datasync(1));
}
