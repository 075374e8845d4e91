// A directory that only the lower of two file systems has.

#include "case.h"

CASE(a_directory_of_the_lower_one) {
  FAILS(EXDEV, __wasi_path_rename(ROOT, "d", ROOT, "moved"));
  OK(__wasi_path_rename(ROOT, "file", ROOT, "d/moved"));
  expect_file("d/moved", "text");
}
