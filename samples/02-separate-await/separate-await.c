// Start first, wait later. A task of the host is an opaque reference to the guest: it can be held
// and passed on, but it has no address, no bits, and cannot be forged.

#include "guest.h"

// Not a suspending import: it returns at once, while the operation goes on.
IMPORT(startSleep) __externref_t startSleep(int milliseconds, int value);

// The short form: the task's result is an int.
IMPORT(awaitInt) int awaitInt(__externref_t task);

// The general form: the result is again a reference, and its kind is asked for afterwards.
IMPORT(awaitExternRef) __externref_t awaitExternRef(__externref_t task);
IMPORT(externRefToInt) int externRefToInt(__externref_t value);

EXPORT(addTwo) int addTwo(void) {
  __externref_t slow = startSleep(1000, 40);
  __externref_t quick = startSleep(500, 2);
  logString("both are started");
  int first = awaitInt(slow);
  logInt("the slow one gave", first);
  // This one ended while we waited for the other.
  int second = awaitInt(quick);
  logInt("the quick one gave", second);
  return first + second;
}

EXPORT(addTwoGeneral) int addTwoGeneral(void) {
  __externref_t slow = startSleep(1000, 400);
  __externref_t quick = startSleep(500, 20);
  logString("both are started");
  // Two references live across a wait: `quick` over the first, `first` over the second.
  __externref_t first = awaitExternRef(slow);
  __externref_t second = awaitExternRef(quick);
  logString("both have ended");
  return externRefToInt(first) + externRefToInt(second);
}
