// An order, from its payment to the courier. It waits for each of these, for hours or for days: in plain calls of functions, in the middle of loops, with what it needs in local variables and
// on the heap. Nothing here knows that the process may end meanwhile.

#include <stdlib.h>

#define IMPORT(name) __attribute__((import_module("shop"), import_name(#name)))

enum { most_lines = 8, most_attempts = 4, hours_to_next_lorry = 8 };

struct line {
  char item[16];
  int pieces;
  int cents;  // for one piece
};

// What was ordered; returns the number of lines.
IMPORT(read_order) int read_order(int order, struct line *lines, int most);

// Waits for the customer, who pays, or sends less than what it costs; returns the cents.
IMPORT(payment) int payment(int order, int cents);

// Asks the warehouse; returns 1 if it has put the pieces aside, 0 if there are not enough now.
IMPORT(reserve) int reserve(const char *item, int pieces);

IMPORT(refund) void refund(int order, int cents);

// Asks for a courier; returns in how many hours he has delivered.
IMPORT(courier) int courier(int order, int parcels);

IMPORT(sleep_hours) void sleep_hours(int hours);

static int price_of(const struct line *lines, int count) {
  int cents = 0;
  for (int i = 0; i < count; i++) cents += lines[i].pieces * lines[i].cents;
  return cents;
}

// What is not on the shelf may come with the next lorry, or with the one after it.
static int fetch(const struct line *line) {
  for (int attempt = 1;; attempt++) {
    if (reserve(line->item, line->pieces)) return 1;
    if (attempt == most_attempts) return 0;
    sleep_hours(hours_to_next_lorry);
  }
}

// Fetches one line after another, and returns how many there are; what cannot be had goes off the bill.
static int collect(const struct line *lines, int count, int *bill) {
  int parcels = 0;
  for (int i = 0; i < count; i++) {
    if (fetch(&lines[i])) parcels++;
    else *bill -= price_of(&lines[i], 1);
  }
  return parcels;
}

static void deliver(int order, int parcels) {
  sleep_hours(courier(order, parcels));
}

// Returns the cents that the shop has for it in the end.
__attribute__((export_name("process"))) int process(int order) {
  struct line *lines = malloc(most_lines * sizeof *lines);
  if (!lines) abort();
  int count = read_order(order, lines, most_lines);
  int bill = price_of(lines, count);

  int paid = payment(order, bill);
  if (paid < bill) {
    if (paid > 0) refund(order, paid);
    free(lines);
    return 0;
  }

  int parcels = collect(lines, count, &bill);
  if (paid > bill) refund(order, paid - bill);
  if (parcels > 0) deliver(order, parcels);
  free(lines);
  return bill;
}
