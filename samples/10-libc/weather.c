// Ordinary C with its standard library, built as a command for WASI preview 1: the program has a
// `main` and prints with `printf`. One import is not WASI's, and it waits.
//
// Imports: env.fetchTemperature, and of wasi_snapshot_preview1 only what stdout needs: fd_write,
// fd_close, fd_fdstat_get, fd_seek; plus proc_exit, with which it ends.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((import_module("env"), import_name("fetchTemperature"))) int fetchTemperature(const char *city);

struct report {
  char *city;
  int celsius;
};

static int warmestFirst(const void *a, const void *b) {
  return ((const struct report *)b)->celsius - ((const struct report *)a)->celsius;
}

int main(void) {
  // strtok writes into its text, so the text is an array on the C stack, which lives across the waits.
  char cities[] = "Oslo,Lisbon,Nairobi,Reykjavik";
  struct report *reports = NULL;
  size_t count = 0;

  for (char *city = strtok(cities, ","); city; city = strtok(NULL, ",")) {
    printf("asking for %s\n", city);
    // What was printed stays in a buffer of the library; show it before the wait, not after.
    fflush(stdout);
    reports = realloc(reports, (count + 1) * sizeof *reports);
    if (!reports) abort();
    reports[count++] = (struct report){strdup(city), fetchTemperature(city)};
  }

  qsort(reports, count, sizeof *reports, warmestFirst);

  int sum = 0;
  for (size_t i = 0; i < count; i++) {
    printf("%-10s %3d C\n", reports[i].city, reports[i].celsius);
    sum += reports[i].celsius;
    free(reports[i].city);
  }
  printf("%-10s %6.2f C\n", "mean", (double)sum / count);
  free(reports);

  // In the middle of everything, as programs do. Nothing after it runs, and nothing catches it.
  exit((int)count);
}
