// Two file systems: nothing can be moved from one to the other.

#include "case.h"

CASE(from_one_to_the_other) {
  make_file("file", "text");
  OK(__wasi_path_create_directory(ROOT, "d"));
  OK(__wasi_path_symlink("file", ROOT, "link"));
  FAILS(EXDEV, __wasi_path_rename(ROOT, "file", OTHER, "file"));
  FAILS(EXDEV, __wasi_path_rename(ROOT, "d", OTHER, "d"));
  FAILS(EXDEV, __wasi_path_rename(ROOT, "link", OTHER, "link"));
  FAILS(EXDEV, __wasi_path_link(ROOT, 0, "file", OTHER, "file"));
  FAILS(ENOENT, try_open(OTHER, 0, "file", 0, 0));
  expect_file("file", "text");
}
