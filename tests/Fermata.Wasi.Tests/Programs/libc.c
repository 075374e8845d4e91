// What programs see of all this through the C library.

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "case.h"

CASE(streams) {
  FILE *file = fopen("/file", "w");
  EXPECT(file != NULL);
  EXPECT(fprintf(file, "%d lines\nof %s\n", 2, "text") == 16);
  OK(fclose(file));
  file = fopen("file", "r");
  EXPECT(file != NULL);
  char line[32];
  EXPECT(fgets(line, sizeof line, file) && strcmp(line, "2 lines\n") == 0);
  SAME(8, ftell(file));
  EXPECT(fgets(line, sizeof line, file) && strcmp(line, "of text\n") == 0);
  EXPECT(!fgets(line, sizeof line, file) && feof(file));
  OK(fseek(file, -5, SEEK_END));
  SAME('t', fgetc(file));
  OK(fclose(file));
  EXPECT(fopen("missing", "r") == NULL);
  SAME(ENOENT, errno);
  file = fopen("file", "a");
  EXPECT(fputs("!", file) >= 0);
  OK(fclose(file));
  struct stat status;
  OK(stat("file", &status));
  SAME(17, status.st_size);
}

CASE(descriptors) {
  int fd = open("file", O_CREAT | O_RDWR | O_TRUNC);
  EXPECT(fd > 2);
  SAME(4, write(fd, "text", 4));
  SAME(0, lseek(fd, 0, SEEK_SET));
  char bytes[8];
  SAME(4, read(fd, bytes, sizeof bytes));
  SAME(2, pread(fd, bytes, 2, 1));
  EXPECT(memcmp(bytes, "ex", 2) == 0);
  SAME(3, pwrite(fd, "abc", 3, 3));
  SAME(4, lseek(fd, 0, SEEK_CUR));
  OK(ftruncate(fd, 5));
  SAME(5, lseek(fd, 0, SEEK_END));
  OK(posix_fallocate(fd, 0, 10));
  OK(fsync(fd));
  OK(fdatasync(fd));
  SAME(O_RDWR, fcntl(fd, F_GETFL) & O_ACCMODE);
  OK(fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK));
  SAME(O_APPEND | O_NONBLOCK, fcntl(fd, F_GETFL) & (O_APPEND | O_NONBLOCK));
  EXPECT(!isatty(fd));
  OK(close(fd));
  FAILS_C(EBADF, close(fd));
  FAILS_C(EEXIST, open("file", O_CREAT | O_EXCL | O_RDWR));
  FAILS_C(EISDIR, open("/", O_RDWR));
  FAILS_C(ENOTDIR, open("file", O_RDONLY | O_DIRECTORY));
  fd = open("file", O_RDONLY);
  FAILS_C(EBADF, write(fd, "x", 1));
}

// As on Linux: writing elsewhere appends, and leaves the position alone.
CASE(appending) {
  int fd = open("file", O_CREAT | O_TRUNC | O_WRONLY | O_APPEND);
  SAME(2, write(fd, "ab", 2));
  SAME(0, lseek(fd, 0, SEEK_SET));
  SAME(2, write(fd, "cd", 2));
  SAME(4, lseek(fd, 0, SEEK_CUR));
  SAME(3, pwrite(fd, "efg", 3, 0));
  SAME(4, lseek(fd, 0, SEEK_CUR));
  SAME(7, lseek(fd, 0, SEEK_END));
}

CASE(directories) {
  OK(mkdir("d", 0777));
  OK(mkdir("/d/nested", 0777));
  FAILS_C(EEXIST, mkdir("d", 0777));
  int fd = open("d/file", O_CREAT | O_WRONLY);
  OK(close(fd));
  OK(symlink("file", "d/link"));
  char target[16];
  SAME(4, readlink("d/link", target, sizeof target));
  DIR *directory = opendir("d");
  EXPECT(directory != NULL);
  int count = 0;
  for (struct dirent *entry; (entry = readdir(directory)) != NULL; count++) {
    struct stat status;
    if (entry->d_name[0] == '.') continue;
    OK(fstatat(dirfd(directory), entry->d_name, &status, AT_SYMLINK_NOFOLLOW));
    SAME(status.st_ino, entry->d_ino);
    EXPECT((entry->d_type == DT_DIR) == S_ISDIR(status.st_mode));
    EXPECT((entry->d_type == DT_LNK) == S_ISLNK(status.st_mode));
  }
  SAME(5, count);
  rewinddir(directory);
  EXPECT(readdir(directory) != NULL);
  OK(closedir(directory));
  OK(rename("d/file", "moved"));
  OK(link("moved", "d/again"));
  OK(unlink("d/again"));
  OK(unlink("d/link"));
  FAILS_C(ENOTEMPTY, rmdir("d"));
  OK(rmdir("d/nested"));
  OK(rmdir("d"));
  OK(access("moved", R_OK | W_OK));
  FAILS_C(ENOENT, access("d", F_OK));
  OK(chdir("/"));
  OK(remove("moved"));
}

CASE(times) {
  int fd = open("file", O_CREAT | O_WRONLY);
  struct timespec times[] = {{1000000000, 123456700}, {1100000000, 765432100}};
  OK(futimens(fd, times));
  struct stat status;
  OK(fstat(fd, &status));
  SAME(1000000000, status.st_atim.tv_sec);
  SAME(123456700, status.st_atim.tv_nsec);
  SAME(1100000000, status.st_mtim.tv_sec);
  SAME(765432100, status.st_mtim.tv_nsec);
  times[0].tv_nsec = UTIME_OMIT;
  times[1].tv_nsec = UTIME_NOW;
  OK(utimensat(AT_FDCWD, "file", times, 0));
  OK(stat("file", &status));
  SAME(1000000000, status.st_atim.tv_sec);
  EXPECT(status.st_mtim.tv_sec > 1600000000);
  OK(nanosleep(&(struct timespec){0, 1000000}, NULL));
  OK(usleep(1000));
  struct pollfd waits[] = {{0, POLLIN, 0}, {1, POLLOUT, 0}};
  SAME(2, poll(waits, 2, 1000));
  EXPECT(waits[1].revents == POLLOUT);
}
