// Three functions, each with a text of its own in a local array.
//
// The address of such an array is taken, so it cannot live in a WebAssembly local: the compiler puts
// it on a stack of its own in linear memory, which grows down from `__stack_pointer`. An engine that
// suspends a call puts aside WebAssembly's locals, but knows nothing of this second stack, and all
// calls of an instance share it. It stays right only while calls end in the reverse order of their
// beginning, and calls that wait need not:
//
//                     first waits     victim waits    first ends      overwriter waits
//     stack top  ->   +----------+    +----------+                    +------------+
//                     | first    |    | first    |    (free)          |            |
//                     +----------+    +----------+    +----------+    | overwriter |
//                                     | victim   |    | victim   |    | ... victim |
//                                     +----------+    +----------+    +------------+
//
// When `first` returns it sets the pointer back to the top, above the still waiting `victim`.
//
// Each function returns 1 if its text is still the one that it wrote.

#include "guest.h"

// Ends when the host opens that gate. So the host decides on the order, and it is always the same.
IMPORT(waitForGate) void waitForGate(int gate);

static void copy(char *to, const char *from) {
  while ((*to++ = *from++)) {}
}

static int same(const char *a, const char *b) {
  for (; *a && *a == *b; a++, b++) {}
  return *a == *b;
}

// Careful programs erase a secret after use. Here it shows when the place belongs to someone else by now.
static void wipe(char *text, int size) {
  for (int i = 0; i < size; i++) ((volatile char *)text)[i] = '#';
}

EXPORT(first) int first(int gate) {
  const char *mine = "the first one's text";
  char text[32];
  copy(text, mine);
  logString("first waits");
  waitForGate(gate);
  logString("first reads:");
  logString(text);
  int intact = same(text, mine);
  wipe(text, sizeof text);
  return intact;
}

EXPORT(victim) int victim(int gate) {
  const char *mine = "the victim's text";
  char text[32];
  copy(text, mine);
  logString("victim waits");
  waitForGate(gate);
  logString("victim reads:");
  logString(text);
  int intact = same(text, mine);
  wipe(text, sizeof text);
  return intact;
}

// As large as the other two together, so that it covers both.
EXPORT(overwriter) int overwriter(int gate) {
  const char *mine = "the overwriter's text, which is longer than the others";
  char text[64];
  copy(text, mine);
  logString("overwriter waits");
  waitForGate(gate);
  logString("overwriter reads:");
  logString(text);
  int intact = same(text, mine);
  wipe(text, sizeof text);
  return intact;
}
