// path_rename.

#include "case.h"

CASE(directories) {
  OK(__wasi_path_create_directory(ROOT, "source"));
  OK(__wasi_path_rename(ROOT, "source", ROOT, "target"));
  FAILS(ENOENT, try_open(ROOT, 0, "source", DIRECTORY, 0));
  OK(try_open(ROOT, 0, "target", DIRECTORY, 0));

  // An empty one is replaced.
  OK(__wasi_path_create_directory(ROOT, "source"));
  make_file("source/file", "text");
  OK(__wasi_path_rename(ROOT, "source", ROOT, "target"));
  FAILS(ENOENT, try_open(ROOT, 0, "source", DIRECTORY, 0));
  expect_file("target/file", "text");

  OK(__wasi_path_create_directory(ROOT, "source"));
  FAILS(ENOTEMPTY, __wasi_path_rename(ROOT, "source", ROOT, "target"));
  FAILS(ENOTDIR, __wasi_path_rename(ROOT, "source", ROOT, "target/file"));
  expect_file("target/file", "text");
  OK(__wasi_path_rename(ROOT, "source", ROOT, "target/nested"));
  OK(__wasi_path_rename(ROOT, "target", ROOT, "target"));
}

CASE(a_directory_into_itself) {
  OK(__wasi_path_create_directory(ROOT, "d"));
  OK(__wasi_path_create_directory(ROOT, "d/nested"));
  FAILS(EINVAL, __wasi_path_rename(ROOT, "d", ROOT, "d/inner"));
  FAILS(EINVAL, __wasi_path_rename(ROOT, "d", ROOT, "d/nested/inner"));
  FAILS(EINVAL, __wasi_path_rename(ROOT, "d", ROOT, "d/nested"));
  FAILS(ENOTEMPTY, __wasi_path_rename(ROOT, "d/nested", ROOT, "d"));
  OK(try_open(ROOT, 0, "d/nested", DIRECTORY, 0));
}

CASE(files) {
  make_file("source", "source");
  OK(__wasi_path_rename(ROOT, "source", ROOT, "target"));
  FAILS(ENOENT, try_open(ROOT, 0, "source", 0, 0));
  expect_file("target", "source");
  make_file("source", "other");
  __wasi_fd_t fd = open_file("target", 0);
  OK(__wasi_path_rename(ROOT, "source", ROOT, "target"));
  FAILS(ENOENT, try_open(ROOT, 0, "source", 0, 0));
  expect_file("target", "other");
  expect_text(fd, "source");
  OK(__wasi_path_create_directory(ROOT, "d"));
  FAILS(EISDIR, __wasi_path_rename(ROOT, "target", ROOT, "d"));
  __wasi_fd_t directory = open_directory("d");
  OK(__wasi_path_rename(ROOT, "target", directory, "moved"));
  expect_file("d/moved", "other");
  OK(__wasi_path_rename(directory, "moved", directory, "moved"));
  expect_file("d/moved", "other");
}

// Two names of one file stay both.
CASE(names_of_the_same_file) {
  make_file("a", "text");
  OK(__wasi_path_link(ROOT, 0, "a", ROOT, "b"));
  OK(__wasi_path_rename(ROOT, "a", ROOT, "b"));
  expect_file("a", "text");
  expect_file("b", "text");
}

CASE(links_are_renamed_themselves) {
  make_file("file", "text");
  OK(__wasi_path_symlink("file", ROOT, "link"));
  OK(__wasi_path_rename(ROOT, "link", ROOT, "moved"));
  SAME(__WASI_FILETYPE_SYMBOLIC_LINK, status_of("moved").filetype);
  make_file("other", "other");
  OK(__wasi_path_rename(ROOT, "other", ROOT, "moved"));
  SAME(__WASI_FILETYPE_REGULAR_FILE, status_of("moved").filetype);
  expect_file("file", "text");
}

CASE(slashes_behind_names) {
  OK(__wasi_path_create_directory(ROOT, "source"));
  OK(__wasi_path_rename(ROOT, "source/", ROOT, "target"));
  OK(__wasi_path_rename(ROOT, "target", ROOT, "source/"));
  OK(__wasi_path_rename(ROOT, "source/", ROOT, "target/"));
  OK(__wasi_path_rename(ROOT, "target", ROOT, "source"));
  make_file("file", "");
  FAILS(ENOTDIR, __wasi_path_rename(ROOT, "file/", ROOT, "target"));
  FAILS(ENOTDIR, __wasi_path_rename(ROOT, "file", ROOT, "target/"));
  FAILS(ENOENT, __wasi_path_rename(ROOT, "missing/", ROOT, "target"));
}

CASE(what_cannot_be_renamed) {
  make_file("file", "");
  OK(__wasi_path_create_directory(ROOT, "d"));
  FAILS(ENOENT, __wasi_path_rename(ROOT, "missing", ROOT, "target"));
  FAILS(ENOENT, __wasi_path_rename(ROOT, "file", ROOT, "missing/target"));
  FAILS(ENOENT, __wasi_path_rename(ROOT, "", ROOT, "target"));
  FAILS(ENOENT, __wasi_path_rename(ROOT, "file", ROOT, ""));
  FAILS(ENOTDIR, __wasi_path_rename(ROOT, "file", ROOT, "file/x"));
  FAILS(EBUSY, __wasi_path_rename(ROOT, ".", ROOT, "target"));
  FAILS(EBUSY, __wasi_path_rename(ROOT, "d", ROOT, "."));
  FAILS(ENOTCAPABLE, __wasi_path_rename(ROOT, "file", ROOT, "../file"));
  FAILS(ENOTCAPABLE, __wasi_path_rename(ROOT, "/file", ROOT, "target"));
  FAILS(EBADF, __wasi_path_rename(NO_FD, "file", ROOT, "target"));
  FAILS(EBADF, __wasi_path_rename(ROOT, "file", NO_FD, "target"));
  FAILS(ENOTCAPABLE, __wasi_path_rename(0, "file", ROOT, "target"));
  FAILS(ENOTCAPABLE, __wasi_path_rename(ROOT, "file", 0, "target"));
}
