// A file system with room for 4,096 bytes and three entries.

#include "case.h"

CASE(bytes) {
  static uint8_t bytes[8192];
  __wasi_ciovec_t vector = {bytes, sizeof bytes};
  __wasi_size_t count = 0;
  __wasi_fd_t fd = open_file("file", CREAT);
  FAILS(ENOSPC, __wasi_fd_allocate(fd, 0, 4097));
  SAME(0, status_of_fd(fd).size);

  // A length takes nothing, as long as nothing is written.
  OK(__wasi_fd_filestat_set_size(fd, sizeof bytes));
  for (vector.buf_len = 1024; __wasi_fd_write(fd, &vector, 1, &count) == 0;) EXPECT(position_of(fd) <= 4096);
  FAILS(ENOSPC, __wasi_fd_write(fd, &vector, 1, &count));
  FAILS(ENOSPC, __wasi_fd_pwrite(fd, &vector, 1, 1 << 20, &count));
  FAILS(ENOSPC, __wasi_fd_allocate(fd, 1 << 20, 1));
  OK(__wasi_fd_pwrite(fd, &vector, 1, 0, &count));
  OK(__wasi_fd_filestat_set_size(fd, 0));
  seek_to(fd, 0, __WASI_WHENCE_SET);
  OK(__wasi_fd_write(fd, &vector, 1, &count));
  SAME(1024, count);
}

CASE(entries) {
  OK(__wasi_path_create_directory(ROOT, "d"));
  make_file("file", "");
  OK(__wasi_path_symlink("file", ROOT, "link"));
  FAILS(ENOSPC, try_open(ROOT, 0, "new", CREAT, 0));
  FAILS(ENOSPC, __wasi_path_create_directory(ROOT, "new"));
  FAILS(ENOSPC, __wasi_path_symlink("file", ROOT, "new"));
  FAILS(ENOSPC, __wasi_path_link(ROOT, 0, "file", ROOT, "new"));
  OK(__wasi_path_rename(ROOT, "file", ROOT, "d/moved"));
  OK(__wasi_path_unlink_file(ROOT, "link"));
  OK(try_open(ROOT, 0, "new", CREAT, 0));
}
