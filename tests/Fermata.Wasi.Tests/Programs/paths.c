// How paths are followed, and what is told of what they lead to.

#include "case.h"

CASE(interesting_paths) {
  OK(__wasi_path_create_directory(ROOT, "dir"));
  OK(__wasi_path_create_directory(ROOT, "dir/nested"));
  make_file("dir/nested/file", "");
  OK(try_open(ROOT, 0, "dir/.//nested/../../dir/nested/../nested///./file", 0, 0));
  FAILS(ENOTCAPABLE, try_open(ROOT, 0, "/dir/nested/file", 0, 0));
  FAILS(ENOTCAPABLE, try_open(ROOT, 0, "/", 0, 0));
  FAILS(ENOTCAPABLE, try_open(ROOT, 0, "..", 0, 0));
  FAILS(ENOTCAPABLE, try_open(ROOT, 0, "dir/nested/../../..", 0, 0));
  FAILS(ENOTCAPABLE, try_open(ROOT, 0, "dir/nested/../../../dir/nested/file", 0, 0));
  FAILS(ENOTDIR, try_open(ROOT, 0, "dir/nested/file/", 0, 0));
  FAILS(ENOTDIR, try_open(ROOT, 0, "dir/nested/file///", 0, 0));
  FAILS(ENOENT, try_open(ROOT, 0, "dir/nested/missing/", 0, 0));
  FAILS(EISDIR, try_open(ROOT, 0, "dir/nested/missing/", CREAT, 0));
  OK(try_open(ROOT, 0, "dir/nested/", 0, 0));
  OK(try_open(ROOT, 0, "dir/nested///", 0, 0));

  // A directory that was opened is the end of its paths, too.
  __wasi_fd_t fd = open_directory("dir");
  OK(try_open(fd, 0, "nested/..", 0, 0));
  FAILS(ENOTCAPABLE, try_open(fd, 0, "..", 0, 0));
  FAILS(ENOTCAPABLE, try_open(fd, 0, "../dir/nested/file", 0, 0));
  FAILS(ENOTCAPABLE, try_open(fd, 0, "nested/../../dir", 0, 0));
}

CASE(names_that_are_no_text) {
  __wasi_fd_t fd;
  make_file("file", "");
  FAILS(EINVAL, raw_path_open(ROOT, 0, "file\0", 5, 0, 0, 0, 0, &fd));
  FAILS(EINVAL, raw_path_open(ROOT, 0, "fi\0le", 5, 0, 0, 0, 0, &fd));
  FAILS(EILSEQ, raw_path_open(ROOT, 0, "\xff\xfe", 2, CREAT, 0, 0, 0, &fd));
  FAILS(EILSEQ, raw_path_open(ROOT, 0, "\xed\xa0\x80", 3, CREAT, 0, 0, 0, &fd));
  FAILS(EILSEQ, raw_path_create_directory(ROOT, "a\x80", 2));
  FAILS(ENOENT, raw_path_open(ROOT, 0, NULL, 0, 0, 0, 0, 0, &fd));
  OK(raw_path_open(ROOT, 0, "file and more", 4, 0, 0, 0, 0, &fd));
  make_file("\xc3\xa4\xf0\x9f\x8e\xb5 \\:*?\"<>|", "");
  OK(try_open(ROOT, 0, "\xc3\xa4\xf0\x9f\x8e\xb5 \\:*?\"<>|", 0, 0));
}

CASE(long_names) {
  static char path[5000];
  __wasi_fd_t fd;
  memset(path, 'a', sizeof path);
  FAILS(ENAMETOOLONG, raw_path_open(ROOT, 0, path, 4096, 0, 0, 0, 0, &fd));
  FAILS(ENAMETOOLONG, raw_path_open(ROOT, 0, path, SIZE_MAX, 0, 0, 0, 0, &fd));
  FAILS(ENAMETOOLONG, raw_path_open(ROOT, 0, path, 256, CREAT, 0, 0, 0, &fd));
  FAILS(ENAMETOOLONG, raw_path_create_directory(ROOT, path, 256));
  OK(raw_path_open(ROOT, 0, path, 255, CREAT, 0, 0, 0, &fd));
  for (int i = 0; i < 4096; i += 2) memcpy(path + i, "./", 2);
  OK(raw_path_open(ROOT, 0, path, 4094, 0, 0, 0, 0, &fd));
  FAILS(ENAMETOOLONG, raw_path_open(ROOT, 0, path, 4096, 0, 0, 0, 0, &fd));
}

// What there is to say against a path is said by whatever follows it.
CASE(paths_that_lead_nowhere) {
  char name[257];
  memset(name, 'a', sizeof name);
  make_file("file", "");
  OK(__wasi_path_symlink("loop", ROOT, "loop"));
  EACH_PATH_FAILS(ENOENT, ROOT, "missing/x");
  EACH_PATH_FAILS(ENOENT, ROOT, "");
  EACH_PATH_FAILS(ENOTDIR, ROOT, "file/x");
  EACH_PATH_FAILS(ELOOP, ROOT, "loop/x");
  EACH_PATH_FAILS(ENAMETOOLONG, ROOT, name);
  EACH_PATH_FAILS(EILSEQ, ROOT, "\xff");
  EACH_PATH_FAILS(EINVAL, ROOT, "a\0b");
  EACH_PATH_FAILS(ENOTCAPABLE, ROOT, "/x");
  EACH_PATH_FAILS(ENOTCAPABLE, ROOT, "../x");
  EACH_PATH_FAILS(ENOTCAPABLE, 0, "x");
  EACH_PATH_FAILS(EBADF, NO_FD, "x");
}

CASE(what_a_path_leads_to) {
  OK(__wasi_path_create_directory(ROOT, "d"));
  make_file("d/file", "text");
  OK(__wasi_path_symlink("d/file", ROOT, "to_file"));
  OK(__wasi_path_symlink("d", ROOT, "to_directory"));
  OK(__wasi_path_symlink("missing", ROOT, "dangling"));
  struct {
    const char *path;
    int itself, followed;
  } all[] = {
      {"d", __WASI_FILETYPE_DIRECTORY, __WASI_FILETYPE_DIRECTORY},
      {".", __WASI_FILETYPE_DIRECTORY, __WASI_FILETYPE_DIRECTORY},
      {"d/file", __WASI_FILETYPE_REGULAR_FILE, __WASI_FILETYPE_REGULAR_FILE},
      {"to_file", __WASI_FILETYPE_SYMBOLIC_LINK, __WASI_FILETYPE_REGULAR_FILE},
      {"to_directory", __WASI_FILETYPE_SYMBOLIC_LINK, __WASI_FILETYPE_DIRECTORY},
      {"to_directory/", __WASI_FILETYPE_DIRECTORY, __WASI_FILETYPE_DIRECTORY},
      {"to_directory/file", __WASI_FILETYPE_REGULAR_FILE, __WASI_FILETYPE_REGULAR_FILE},
  };
  __wasi_filestat_t status;
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
    OK(__wasi_path_filestat_get(ROOT, 0, all[i].path, &status));
    SAME(all[i].itself, status.filetype);
    OK(__wasi_path_filestat_get(ROOT, FOLLOW, all[i].path, &status));
    SAME(all[i].followed, status.filetype);
  }
  OK(__wasi_path_filestat_get(ROOT, FOLLOW, "to_file", &status));
  SAME(status_of("d/file").ino, status.ino);
  SAME(4, status.size);
  SAME(6, status_of("to_file").size);
  SAME(__WASI_FILETYPE_SYMBOLIC_LINK, status_of("dangling").filetype);
  FAILS(ENOENT, __wasi_path_filestat_get(ROOT, FOLLOW, "dangling", &status));
  FAILS(ENOENT, __wasi_path_filestat_get(ROOT, 0, "missing", &status));
  FAILS(ENOENT, __wasi_path_filestat_get(ROOT, 0, "", &status));
  FAILS(ENOTDIR, __wasi_path_filestat_get(ROOT, 0, "d/file/", &status));
  FAILS(ENOTDIR, __wasi_path_filestat_get(ROOT, 0, "d/file/x", &status));
  FAILS(ENOTCAPABLE, __wasi_path_filestat_get(ROOT, 0, "..", &status));
  FAILS(EBADF, __wasi_path_filestat_get(NO_FD, 0, "d", &status));
  FAILS(ENOTCAPABLE, __wasi_path_filestat_get(0, 0, "d", &status));
}

CASE(times_by_path) {
  make_file("file", "");
  OK(__wasi_path_symlink("file", ROOT, "link"));
  __wasi_filestat_t file = status_of("file"), link = status_of("link"), status;
  OK(__wasi_path_filestat_set_times(ROOT, 0, "file", 0, file.mtim - 100, __WASI_FSTFLAGS_MTIM));
  SAME(file.mtim - 100, status_of("file").mtim);
  SAME(file.atim, status_of("file").atim);
  FAILS(EINVAL, __wasi_path_filestat_set_times(ROOT, 0, "file", 0, 5, __WASI_FSTFLAGS_MTIM | __WASI_FSTFLAGS_MTIM_NOW));
  FAILS(EINVAL, __wasi_path_filestat_set_times(ROOT, 0, "file", 5, 0, __WASI_FSTFLAGS_ATIM | __WASI_FSTFLAGS_ATIM_NOW));
  FAILS(EINVAL, __wasi_path_filestat_set_times(ROOT, 0, "file", 5, 0, 32));
  SAME(file.mtim - 100, status_of("file").mtim);

  // Those of a link, and of what it points to.
  OK(__wasi_path_filestat_set_times(ROOT, 0, "link", 0, link.mtim - 200, __WASI_FSTFLAGS_MTIM));
  SAME(link.mtim - 200, status_of("link").mtim);
  SAME(file.mtim - 100, status_of("file").mtim);
  OK(__wasi_path_filestat_get(ROOT, FOLLOW, "link", &status));
  SAME(file.mtim - 100, status.mtim);
  OK(__wasi_path_filestat_set_times(ROOT, FOLLOW, "link", 0, link.mtim, __WASI_FSTFLAGS_MTIM));
  SAME(link.mtim, status_of("file").mtim);
  SAME(link.mtim - 200, status_of("link").mtim);

  OK(__wasi_path_filestat_set_times(ROOT, 0, ".", 1000000000, 2000000000, __WASI_FSTFLAGS_ATIM | __WASI_FSTFLAGS_MTIM));
  SAME(2000000000, status_of(".").mtim);
  FAILS(ENOENT, __wasi_path_filestat_set_times(ROOT, 0, "missing", 0, 0, __WASI_FSTFLAGS_MTIM));
  FAILS(ENOTDIR, __wasi_path_filestat_set_times(ROOT, 0, "file/", 0, 0, __WASI_FSTFLAGS_MTIM));
  FAILS(EBADF, __wasi_path_filestat_set_times(NO_FD, 0, "file", 0, 0, 0));
}
