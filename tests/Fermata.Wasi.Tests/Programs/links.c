// Symbolic links, and other names of files.

#include "case.h"

static void expect_link(const char *path, const char *target) {
  char buffer[64] = {0};
  __wasi_size_t count;
  OK(__wasi_path_readlink(ROOT, path, (uint8_t *)buffer, sizeof buffer, &count));
  SAME(strlen(target), count);
  EXPECT(strcmp(buffer, target) == 0);
}

CASE(links_to_files_and_directories) {
  make_file("file", "text");
  OK(__wasi_path_create_directory(ROOT, "d"));
  make_file("d/inner", "inner");
  OK(__wasi_path_symlink("file", ROOT, "to_file"));
  OK(__wasi_path_symlink("d", ROOT, "to_d"));
  OK(__wasi_path_symlink("../file", ROOT, "d/up"));
  expect_file("to_file", "text");
  expect_file("to_d/inner", "inner");
  expect_file("to_d/up", "text");
  OK(try_open(ROOT, FOLLOW, "to_d", DIRECTORY, 0));
  OK(try_open(ROOT, FOLLOW, "to_d", 0, 0));
  FAILS(ENOTDIR, try_open(ROOT, FOLLOW, "to_file", DIRECTORY, 0));

  // Without being followed a link cannot be opened.
  FAILS(ELOOP, try_open(ROOT, 0, "to_file", 0, 0));
  FAILS(ELOOP, try_open(ROOT, 0, "to_d", 0, 0));
  FAILS(ENOTDIR, try_open(ROOT, 0, "to_file", DIRECTORY, 0));
  FAILS(ENOTDIR, try_open(ROOT, 0, "to_d", DIRECTORY, 0));
  OK(__wasi_path_unlink_file(ROOT, "to_d"));
  OK(__wasi_path_unlink_file(ROOT, "to_file"));
  expect_file("d/inner", "inner");
}

CASE(dangling_links) {
  OK(__wasi_path_symlink("target", ROOT, "link"));
  FAILS(ENOTDIR, try_open(ROOT, 0, "link", DIRECTORY, 0));
  FAILS(ELOOP, try_open(ROOT, 0, "link", 0, 0));
  FAILS(ELOOP, try_open(ROOT, 0, "link", CREAT, 0));
  FAILS(EEXIST, try_open(ROOT, 0, "link", CREAT | EXCL, 0));
  FAILS(EEXIST, try_open(ROOT, FOLLOW, "link", CREAT | EXCL, 0));
  FAILS(ENOENT, try_open(ROOT, FOLLOW, "link", 0, 0));
  FAILS(ENOENT, try_open(ROOT, FOLLOW, "link/x", CREAT, 0));
  OK(try_open(ROOT, FOLLOW, "link", CREAT, 0));
  SAME(__WASI_FILETYPE_REGULAR_FILE, status_of("target").filetype);
}

CASE(loops_of_links) {
  OK(__wasi_path_symlink("self", ROOT, "self"));
  OK(__wasi_path_symlink("b", ROOT, "a"));
  OK(__wasi_path_symlink("a", ROOT, "b"));
  FAILS(ELOOP, try_open(ROOT, 0, "self", 0, 0));
  FAILS(ELOOP, try_open(ROOT, FOLLOW, "self", 0, 0));
  FAILS(ELOOP, try_open(ROOT, FOLLOW, "a", CREAT, 0));
  FAILS(ELOOP, try_open(ROOT, 0, "a/x", 0, 0));
  FAILS(ELOOP, __wasi_path_create_directory(ROOT, "self/d"));
  OK(__wasi_path_unlink_file(ROOT, "self"));
}

// As many as Linux follows, and no more.
CASE(chains_of_links) {
  make_file("0", "text");
  for (int i = 1; i <= 41; i++) {
    char target[8], name[8];
    snprintf(target, sizeof target, "%d", i - 1);
    snprintf(name, sizeof name, "%d", i);
    OK(__wasi_path_symlink(target, ROOT, name));
  }
  expect_file("40", "text");
  FAILS(ELOOP, try_open(ROOT, FOLLOW, "41", 0, 0));
}

// Links do not lead out of what a program has.
CASE(links_out) {
  OK(__wasi_path_create_directory(ROOT, "d"));
  FAILS(ENOTCAPABLE, __wasi_path_symlink("/", ROOT, "absolute"));
  FAILS(ENOTCAPABLE, __wasi_path_symlink("/d/file", ROOT, "absolute"));
  OK(__wasi_path_symlink("..", ROOT, "up"));
  OK(__wasi_path_symlink("d/../../x", ROOT, "far"));
  OK(__wasi_path_symlink("..", ROOT, "d/up"));
  FAILS(ENOTCAPABLE, try_open(ROOT, FOLLOW, "up", 0, 0));
  FAILS(ENOTCAPABLE, try_open(ROOT, 0, "up/x", CREAT, 0));
  FAILS(ENOTCAPABLE, try_open(ROOT, FOLLOW, "far", CREAT, 0));
  OK(try_open(ROOT, FOLLOW, "d/up", 0, 0));
  __wasi_fd_t fd = open_directory("d");
  FAILS(ENOTCAPABLE, try_open(fd, FOLLOW, "up", 0, 0));
  FAILS(ENOTCAPABLE, try_open(fd, 0, "up/d", 0, 0));
}

CASE(reading_links) {
  OK(__wasi_path_symlink("target", ROOT, "link"));
  uint8_t buffer[11] = "..........";
  __wasi_size_t count;
  OK(__wasi_path_readlink(ROOT, "link", buffer, sizeof buffer, &count));
  SAME(6, count);
  EXPECT(memcmp(buffer, "target....", 10) == 0);
  memset(buffer, '.', sizeof buffer);
  OK(__wasi_path_readlink(ROOT, "link", buffer, 4, &count));
  SAME(4, count);
  EXPECT(memcmp(buffer, "targ......", 10) == 0);
  OK(__wasi_path_readlink(ROOT, "link", buffer, 0, &count));
  SAME(0, count);
  make_file("file", "");
  FAILS(EINVAL, __wasi_path_readlink(ROOT, "file", buffer, sizeof buffer, &count));
  FAILS(EINVAL, __wasi_path_readlink(ROOT, ".", buffer, sizeof buffer, &count));
  FAILS(ENOENT, __wasi_path_readlink(ROOT, "missing", buffer, sizeof buffer, &count));
  FAILS(EBADF, __wasi_path_readlink(NO_FD, "link", buffer, sizeof buffer, &count));
  FAILS(ENOTCAPABLE, __wasi_path_readlink(0, "link", buffer, sizeof buffer, &count));
}

CASE(where_links_are_made) {
  make_file("file", "");
  OK(__wasi_path_create_directory(ROOT, "d"));
  FAILS(EEXIST, __wasi_path_symlink("source", ROOT, "file"));
  FAILS(EEXIST, __wasi_path_symlink("source", ROOT, "d"));
  FAILS(EEXIST, __wasi_path_symlink("source", ROOT, "."));
  FAILS(EEXIST, __wasi_path_symlink("source", ROOT, "d/"));
  FAILS(ENOTDIR, __wasi_path_symlink("source", ROOT, "file/"));
  FAILS(ENOENT, __wasi_path_symlink("source", ROOT, "target/"));
  FAILS(ENOENT, __wasi_path_symlink("source", ROOT, "missing/target"));
  FAILS(ENOENT, __wasi_path_symlink("", ROOT, "target"));
  FAILS(ENOENT, __wasi_path_symlink("source", ROOT, ""));
  FAILS(EBADF, __wasi_path_symlink("source", NO_FD, "target"));
  FAILS(ENOTCAPABLE, __wasi_path_symlink("source", 0, "target"));
  OK(__wasi_path_symlink("source/", ROOT, "target"));
  expect_link("target", "source/");
  FAILS(EEXIST, __wasi_path_symlink("source", ROOT, "target"));
}

CASE(another_name_of_a_file) {
  make_file("file", "text");
  OK(__wasi_path_create_directory(ROOT, "d"));
  __wasi_fd_t directory = open_directory("d");
  OK(__wasi_path_link(ROOT, 0, "file", ROOT, "link"));
  OK(__wasi_path_link(ROOT, 0, "file", directory, "link"));
  __wasi_filestat_t file = status_of("file"), link = status_of("link"), far = status_of("d/link");
  SAME(3, file.nlink);
  EXPECT(memcmp(&file, &link, sizeof file) == 0);
  EXPECT(memcmp(&file, &far, sizeof file) == 0);
  __wasi_fd_t fd = open_file("link", 0);
  write_text(fd, "TE");
  expect_file("d/link", "TExt");
  OK(__wasi_path_unlink_file(ROOT, "file"));
  SAME(2, status_of_fd(fd).nlink);
  OK(__wasi_path_unlink_file(directory, "link"));
  expect_file("link", "TExt");
}

CASE(names_that_cannot_be_given) {
  make_file("file", "");
  make_file("other", "");
  OK(__wasi_path_create_directory(ROOT, "d"));
  OK(__wasi_path_symlink("missing", ROOT, "dangling"));
  FAILS(EEXIST, __wasi_path_link(ROOT, 0, "file", ROOT, "other"));
  FAILS(EEXIST, __wasi_path_link(ROOT, 0, "file", ROOT, "file"));
  FAILS(EEXIST, __wasi_path_link(ROOT, 0, "file", ROOT, "d"));
  FAILS(EEXIST, __wasi_path_link(ROOT, 0, "file", ROOT, "."));
  FAILS(EEXIST, __wasi_path_link(ROOT, 0, "file", ROOT, "dangling"));
  FAILS(EPERM, __wasi_path_link(ROOT, 0, "d", ROOT, "link"));
  FAILS(EPERM, __wasi_path_link(ROOT, 0, ".", ROOT, "link"));
  FAILS(ENOENT, __wasi_path_link(ROOT, 0, "file", ROOT, "link/"));
  FAILS(ENOTDIR, __wasi_path_link(ROOT, 0, "file/", ROOT, "link"));
  FAILS(ENOENT, __wasi_path_link(ROOT, 0, "missing", ROOT, "link"));
  FAILS(ENOENT, __wasi_path_link(ROOT, 0, "file", ROOT, "missing/link"));
  FAILS(EINVAL, __wasi_path_link(ROOT, FOLLOW, "file", ROOT, "link"));
  FAILS(EBADF, __wasi_path_link(NO_FD, 0, "file", ROOT, "link"));
  FAILS(EBADF, __wasi_path_link(ROOT, 0, "file", NO_FD, "link"));
  FAILS(ENOTCAPABLE, __wasi_path_link(0, 0, "file", ROOT, "link"));
  FAILS(ENOTCAPABLE, __wasi_path_link(ROOT, 0, "file", 0, "link"));

  // A link itself may have another name, wherever it points to.
  OK(__wasi_path_link(ROOT, 0, "dangling", ROOT, "link"));
  expect_link("link", "missing");
  OK(__wasi_path_symlink("self", ROOT, "self"));
  OK(__wasi_path_link(ROOT, 0, "self", ROOT, "same"));
  expect_link("same", "self");
}

// A slash behind the name of a link leads to what it points to, but for what becomes of the name itself.
CASE(links_with_slashes) {
  OK(__wasi_path_create_directory(ROOT, "d"));
  make_file("file", "");
  OK(__wasi_path_symlink("d", ROOT, "link"));
  OK(__wasi_path_symlink("file", ROOT, "to_file"));
  OK(__wasi_path_symlink("missing", ROOT, "dangling"));
  __wasi_filestat_t status;
  uint8_t buffer[8];
  __wasi_size_t count;
  OK(try_open(ROOT, 0, "link/", 0, 0));
  OK(try_open(ROOT, 0, "link/", DIRECTORY, 0));
  OK(__wasi_path_filestat_get(ROOT, 0, "link/", &status));
  SAME(__WASI_FILETYPE_DIRECTORY, status.filetype);
  FAILS(ENOTDIR, try_open(ROOT, 0, "to_file/", 0, 0));
  FAILS(ENOTDIR, __wasi_path_filestat_get(ROOT, 0, "to_file/", &status));
  FAILS(ENOENT, __wasi_path_filestat_get(ROOT, 0, "dangling/", &status));
  FAILS(EINVAL, __wasi_path_readlink(ROOT, "link/", buffer, sizeof buffer, &count));
  FAILS(ENOTDIR, __wasi_path_remove_directory(ROOT, "link/"));
  FAILS(ENOTDIR, __wasi_path_unlink_file(ROOT, "link/"));
  FAILS(ENOTDIR, __wasi_path_rename(ROOT, "link/", ROOT, "moved"));
  FAILS(ENOTDIR, __wasi_path_link(ROOT, 0, "link/", ROOT, "moved"));
  FAILS(EEXIST, __wasi_path_create_directory(ROOT, "dangling/"));
  FAILS(ENOTDIR, __wasi_path_symlink("x", ROOT, "dangling/"));
  FAILS(ENOTCAPABLE, __wasi_path_remove_directory(ROOT, "/"));
  OK(try_open(ROOT, 0, "d", DIRECTORY, 0));
  SAME(__WASI_FILETYPE_SYMBOLIC_LINK, status_of("link").filetype);
}
