// Has files, a directory and memory in use while it waits: what snapshots are made of. No case runs by itself: SavedProgramTests runs it.

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static long long now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

// Waits in the middle of a recursion, with memory from malloc at each level.
__attribute__((noinline)) static int sum(int depth, int seconds) {
  if (depth == 0) {
    struct timespec time = {seconds, 0};
    nanosleep(&time, NULL);
    return 0;
  }

  int *numbers = malloc(100 * sizeof *numbers);
  for (int i = 0; i < 100; i++)
    numbers[i] = depth;
  int rest = sum(depth - 1, seconds);
  int result = rest;
  for (int i = 0; i < 100; i++)
    result += numbers[i];
  free(numbers);
  return result;
}

static void print_line(FILE *file) {
  char line[100];
  puts(fgets(line, sizeof line, file) ? strtok(line, "\n") : "nothing");
}

int main(int count, char **arguments) {
  setvbuf(stdout, NULL, _IONBF, 0);
  FILE *input = fopen("/data/in/lines", "r");
  setvbuf(input, NULL, _IONBF, 0);
  FILE *output = fopen("/data/out", "a");
  DIR *directory = opendir("/data/in");
  int names = 0;
  print_line(input);
  fputs("before\n", output);
  fflush(output);
  long long start = now(CLOCK_MONOTONIC);
  printf("%d\n", sum(30, atoi(arguments[count - 1])));
  long long elapsed = now(CLOCK_MONOTONIC) - start;
  print_line(input);
  fputs("after\n", output);
  fclose(output);
  while (readdir(directory))
    names++;
  printf("%d names, %s, %s, position %ld\n", names, arguments[1], getenv("GREETING"), ftell(input));
  print_line(stdin);
  printf("%s\n", elapsed >= atoi(arguments[count - 1]) * 1000LL ? "long enough" : "too short");
  return 7;
}
