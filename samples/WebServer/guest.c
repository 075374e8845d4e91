// A program that answers one request and ends, as in the days of CGI, but in a sandbox in place of a process.
//
//   /run/prices/apple/pear   the path is the command line: prints the price of each item, and the sum
//   /run/prices              without items there, they are in the body of the request, which is standard input
//   /run/loop, trap, hog     what nobody wants to run, and a server that runs the programs of others must
//
// What it prints is the response, and what it prints to stderr is for the log.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Waits for another server. Returns how many bytes it wrote to the buffer, -1 if there is no answer.
__attribute__((import_module("upstream"), import_name("get")))
int upstream_get(const char *item, char *buffer, int length);

static double price_of(const char *item) {
  // The answer is written to the C stack, long after the call.
  char answer[32];
  int length = upstream_get(item, answer, sizeof answer - 1);
  if (length < 0) {
    fprintf(stderr, "no price for %s\n", item);
    exit(EXIT_FAILURE);
  }
  answer[length] = 0;
  return strtod(answer, NULL);
}

static double print_price(const char *item) {
  double price = price_of(item);
  printf("%-20s %8.2f\n", item, price);
  // Every line is on its way while the program waits for the next price.
  fflush(stdout);
  return price;
}

static int prices(int count, char **items) {
  double sum = 0;
  for (int i = 0; i < count; i++) sum += print_price(items[i]);
  char item[64];
  while (count == 0 && scanf("%63s", item) == 1) sum += print_price(item);
  printf("%-20s %8.2f\n", "total", sum);
  return EXIT_SUCCESS;
}

static int loop(void) {
  for (volatile unsigned i = 0;; i++) {}
}

struct discount {
  int percent;
};

static int percent_of(const struct discount *discount) {
  return discount->percent;
}

static int trap(void) {
  // Far outside of the memory of this program, and so nowhere.
  const struct discount *volatile wild = (const struct discount *)0xDEADBEEF;
  return percent_of(wild);
}

static int hog(void) {
  // Volatile, as the compiler would leave out memory that nobody uses.
  for (int mebibytes = 0;; mebibytes++) {
    char *volatile block = malloc(1 << 20);
    if (!block) {
      fprintf(stderr, "no more memory after %d MiB\n", mebibytes);
      return EXIT_FAILURE;
    }
  }
}

int main(int count, char **arguments) {
  const char *command = count > 1 ? arguments[1] : "";
  if (!strcmp(command, "prices")) return prices(count - 2, arguments + 2);
  if (!strcmp(command, "loop")) return loop();
  if (!strcmp(command, "trap")) return trap();
  if (!strcmp(command, "hog")) return hog();
  fprintf(stderr, "there is no command \"%s\"\n", command);
  return EXIT_FAILURE;
}
