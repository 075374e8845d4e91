// Directories as file descriptors, and what is made and removed by name.

#include "case.h"

CASE(a_directory_is_no_file) {
  char bytes[16];
  __wasi_size_t count;
  __wasi_filesize_t position;
  __wasi_iovec_t into = {(uint8_t *)bytes, sizeof bytes};
  __wasi_ciovec_t from = {(uint8_t *)bytes, sizeof bytes};
  SAME(__WASI_FILETYPE_DIRECTORY, status_of_fd(ROOT).filetype);
  FAILS(ENOTCAPABLE, __wasi_fd_read(ROOT, &into, 1, &count));
  FAILS(ENOTCAPABLE, __wasi_fd_pread(ROOT, &into, 1, 0, &count));
  FAILS(ENOTCAPABLE, __wasi_fd_write(ROOT, &from, 1, &count));
  FAILS(ENOTCAPABLE, __wasi_fd_pwrite(ROOT, &from, 1, 0, &count));
  FAILS(ENOTCAPABLE, __wasi_fd_seek(ROOT, 0, __WASI_WHENCE_CUR, &position));
  FAILS(ENOTCAPABLE, __wasi_fd_seek(ROOT, 0, __WASI_WHENCE_SET, &position));
  FAILS(ENOTCAPABLE, __wasi_fd_seek(ROOT, 0, __WASI_WHENCE_END, &position));
  FAILS(ENOTCAPABLE, __wasi_fd_tell(ROOT, &position));
  FAILS(ENOTCAPABLE, __wasi_fd_allocate(ROOT, 0, 1));
  FAILS(ENOTCAPABLE, __wasi_fd_filestat_set_size(ROOT, 0));
  FAILS(ENOTCAPABLE, __wasi_fd_datasync(ROOT));
  FAILS(EBADF, __wasi_fd_advise(ROOT, 0, 0, __WASI_ADVICE_NORMAL));
  OK(__wasi_fd_sync(ROOT));
}

CASE(a_directory_has_no_right_to_seek_though_it_asks_for_it) {
  OK(__wasi_path_create_directory(ROOT, "d"));
  __wasi_fd_t fd = open_with(ROOT, "d", DIRECTORY, RIGHT(FD_SEEK), 0);
  __wasi_filesize_t position;
  FAILS(ENOTCAPABLE, __wasi_fd_seek(fd, 0, __WASI_WHENCE_CUR, &position));
  __wasi_fdstat_t status = fdstat_of(fd);
  SAME(__WASI_FILETYPE_DIRECTORY, status.fs_filetype);
  SAME(0, status.fs_rights_base & RIGHT(FD_SEEK));
  OK(__wasi_fd_close(fd));
  OK(__wasi_path_remove_directory(ROOT, "d"));
}

CASE(the_name_of_a_preopened_directory) {
  __wasi_prestat_t status;
  memset(&status, 0xff, sizeof status);
  OK(__wasi_fd_prestat_get(ROOT, &status));
  SAME(__WASI_PREOPENTYPE_DIR, status.tag);
  SAME(__WASI_PREOPENTYPE_DIR, ((uint32_t *)&status)[0]);
  SAME(1, status.u.dir.pr_name_len);
  uint8_t name[3] = "xy";
  FAILS(ENAMETOOLONG, __wasi_fd_prestat_dir_name(ROOT, name, 0));
  OK(__wasi_fd_prestat_dir_name(ROOT, name, 2));
  EXPECT(memcmp(name, "/y", 2) == 0);
  FAILS(EBADF, __wasi_fd_prestat_get(0, &status));
  FAILS(EBADF, __wasi_fd_prestat_get(4, &status));
  FAILS(EBADF, __wasi_fd_prestat_dir_name(0, name, 2));
  FAILS(EBADF, __wasi_fd_prestat_dir_name(4, name, 2));
  __wasi_fd_t fd = open_directory(".");
  FAILS(EBADF, __wasi_fd_prestat_get(fd, &status));
  FAILS(EBADF, __wasi_fd_prestat_dir_name(fd, name, 2));
}

CASE(directories_are_made_and_removed) {
  OK(__wasi_path_create_directory(ROOT, "d"));
  FAILS(EEXIST, __wasi_path_create_directory(ROOT, "d"));
  FAILS(EEXIST, __wasi_path_create_directory(ROOT, "d/"));
  FAILS(EEXIST, __wasi_path_create_directory(ROOT, "."));
  FAILS(EEXIST, __wasi_path_create_directory(ROOT, "d/.."));
  FAILS(ENOENT, __wasi_path_create_directory(ROOT, ""));
  FAILS(ENOENT, __wasi_path_create_directory(ROOT, "missing/d"));
  FAILS(ENOTCAPABLE, __wasi_path_create_directory(ROOT, "/d"));
  FAILS(ENOTCAPABLE, __wasi_path_create_directory(ROOT, "../d"));
  OK(__wasi_path_create_directory(ROOT, "d/nested/"));
  FAILS(ENOTEMPTY, __wasi_path_remove_directory(ROOT, "d"));
  OK(__wasi_path_remove_directory(ROOT, "d/nested"));
  OK(__wasi_path_remove_directory(ROOT, "d/"));
  FAILS(ENOENT, __wasi_path_remove_directory(ROOT, "d"));
  FAILS(EINVAL, __wasi_path_remove_directory(ROOT, "."));
  make_file("file", "");
  FAILS(EEXIST, __wasi_path_create_directory(ROOT, "file"));
  FAILS(ENOTDIR, __wasi_path_create_directory(ROOT, "file/d"));
  FAILS(ENOTDIR, __wasi_path_remove_directory(ROOT, "file"));
  FAILS(ENOTDIR, __wasi_path_remove_directory(ROOT, "file/"));
}

CASE(a_directory_that_is_open_may_be_removed) {
  OK(__wasi_path_create_directory(ROOT, "d"));
  __wasi_fd_t fd = open_directory("d");
  OK(__wasi_path_remove_directory(ROOT, "d"));
  FAILS(ENOENT, try_open(fd, 0, "file", CREAT, RIGHT(FD_WRITE)));
  FAILS(ENOENT, __wasi_path_create_directory(fd, "nested"));
  OK(__wasi_fd_close(fd));
  OK(__wasi_path_create_directory(ROOT, "d"));
}

CASE(files_are_unlinked) {
  OK(__wasi_path_create_directory(ROOT, "d"));
  make_file("file", "text");
  FAILS(EISDIR, __wasi_path_unlink_file(ROOT, "d"));
  FAILS(EISDIR, __wasi_path_unlink_file(ROOT, "d/"));
  FAILS(EISDIR, __wasi_path_unlink_file(ROOT, "."));
  FAILS(ENOTDIR, __wasi_path_unlink_file(ROOT, "file/"));
  FAILS(ENOTDIR, __wasi_path_unlink_file(ROOT, "file/x"));
  FAILS(ENOENT, __wasi_path_unlink_file(ROOT, "missing"));
  FAILS(ENOENT, __wasi_path_unlink_file(ROOT, "missing/"));
  FAILS(ENOENT, __wasi_path_unlink_file(ROOT, ""));
  OK(__wasi_path_unlink_file(ROOT, "d/../file"));
  FAILS(ENOENT, __wasi_path_unlink_file(ROOT, "file"));
}

// Whoever has a file open keeps it, while its name may stand for another one.
CASE(an_unlinked_file_stays_open) {
  make_file("file", "old");
  __wasi_fd_t fd = open_file("file", 0);
  OK(__wasi_path_unlink_file(ROOT, "file"));
  make_file("file", "new");
  expect_text(fd, "old");
  expect_file("file", "new");
  SAME(0, status_of_fd(fd).nlink);
  OK(__wasi_fd_close(fd));
}

struct entry {
  __wasi_dirent_t head;
  char name[32];
};

// Reads entries from a cookie on with a buffer of some size; what is cut off does not count. Whether the end was reached.
static bool read_entries(__wasi_fd_t fd, __wasi_dircookie_t cookie, size_t size, struct entry *entries, int *count) {
  uint8_t buffer[4096];
  __wasi_size_t used = 0;
  OK(__wasi_fd_readdir(fd, buffer, size, cookie, &used));
  EXPECT(used <= size);
  *count = 0;
  for (size_t place = 0; place + sizeof(__wasi_dirent_t) <= used;) {
    struct entry *entry = &entries[*count];
    memset(entry, 0, sizeof *entry);
    memcpy(&entry->head, buffer + place, sizeof entry->head);
    if (place + sizeof entry->head + entry->head.d_namlen > used) break;
    EXPECT(entry->head.d_namlen < sizeof entry->name);
    memcpy(entry->name, buffer + place + sizeof entry->head, entry->head.d_namlen);
    place += sizeof entry->head + entry->head.d_namlen;
    ++*count;
  }
  return used < size;
}

CASE(entries_of_a_directory) {
  OK(__wasi_path_create_directory(ROOT, "d"));
  __wasi_fd_t fd = open_directory("d");
  struct entry entries[8];
  int count;
  EXPECT(read_entries(fd, 0, 256, entries, &count));
  SAME(2, count);
  EXPECT(strcmp(entries[0].name, ".") == 0 && strcmp(entries[1].name, "..") == 0);
  SAME(__WASI_FILETYPE_DIRECTORY, entries[0].head.d_type);
  SAME(__WASI_FILETYPE_DIRECTORY, entries[1].head.d_type);
  SAME(status_of_fd(fd).ino, entries[0].head.d_ino);

  make_file("d/file", "");
  OK(__wasi_path_symlink("file", fd, "link"));
  OK(__wasi_path_create_directory(fd, "nested"));
  EXPECT(read_entries(fd, 0, 4096, entries, &count));
  SAME(5, count);
  int seen = 0;
  for (int i = 2; i < 5; i++) {
    __wasi_filestat_t status;
    OK(__wasi_path_filestat_get(fd, 0, entries[i].name, &status));
    SAME(status.filetype, entries[i].head.d_type);
    SAME(status.ino, entries[i].head.d_ino);
    SAME(strlen(entries[i].name), entries[i].head.d_namlen);
    SAME(entries[i].head.d_type, ((uint32_t *)&entries[i].head)[5]);
    seen |= 1 << (strcmp(entries[i].name, "file") == 0 ? 0 : strcmp(entries[i].name, "link") == 0 ? 1 : 2);
  }
  SAME(7, seen);

  // A cookie goes on behind its entry.
  for (int i = 0; i < 5; i++) {
    struct entry rest[8];
    int left;
    EXPECT(read_entries(fd, entries[i].head.d_next, 4096, rest, &left));
    SAME(4 - i, left);
    EXPECT(left == 0 || strcmp(rest[0].name, entries[i + 1].name) == 0);
  }
}

CASE(entries_do_not_have_to_fit) {
  OK(__wasi_path_create_directory(ROOT, "d"));
  __wasi_fd_t fd = open_directory("d");
  for (int i = 0; i < 1000; i++) {
    char name[16];
    snprintf(name, sizeof name, "file.%d", i);
    __wasi_fd_t file = open_with(fd, name, CREAT | EXCL, RIGHT(FD_WRITE), 0);
    OK(__wasi_fd_close(file));
  }
  static struct entry entries[200];
  static bool seen[1000];
  int total = 0, count;
  __wasi_dircookie_t cookie = 0;
  for (bool ended = false; !ended; total += count) {
    ended = read_entries(fd, cookie, 256 + total % 7, entries, &count);
    EXPECT(ended || count > 0);
    if (count > 0) cookie = entries[count - 1].head.d_next;
    for (int i = 0; i < count; i++) {
      int number;
      if (sscanf(entries[i].name, "file.%d", &number) == 1) {
        EXPECT(!seen[number]);
        seen[number] = true;
      }
    }
  }
  SAME(1002, total);

  // Nothing but the beginning of an entry is no end.
  uint8_t buffer[24];
  __wasi_size_t used;
  for (__wasi_size_t size = 0; size < sizeof buffer; size++) {
    OK(__wasi_fd_readdir(fd, buffer, size, 0, &used));
    SAME(size, used);
  }

  // Entries that come and go while a directory is read do not disturb the others.
  EXPECT(!read_entries(fd, 0, 256, entries, &count));
  cookie = entries[count - 1].head.d_next;
  char gone[32];
  strcpy(gone, entries[count - 1].name);
  OK(__wasi_path_unlink_file(fd, gone));
  for (bool ended = false; !ended;) {
    int left;
    ended = read_entries(fd, cookie, 256, entries, &left);
    if (left > 0) cookie = entries[left - 1].head.d_next;
    count += left;
  }
  SAME(1002, count);
}

CASE(entries_of_what_is_no_directory) {
  make_file("file", "");
  uint8_t buffer[64];
  __wasi_size_t used;
  __wasi_fd_t fd = open_file("file", 0);
  FAILS(ENOTCAPABLE, __wasi_fd_readdir(fd, buffer, sizeof buffer, 0, &used));
  FAILS(ENOTCAPABLE, __wasi_fd_readdir(0, buffer, sizeof buffer, 0, &used));
  FAILS(EBADF, __wasi_fd_readdir(NO_FD, buffer, sizeof buffer, 0, &used));
  OK(__wasi_fd_readdir(ROOT, buffer, sizeof buffer, UINT64_MAX, &used));
  SAME(0, used);
}
