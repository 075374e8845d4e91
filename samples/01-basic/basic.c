// Plain, synchronous C. Nothing here knows that the import is an async method of the host.

#include "guest.h"

IMPORT(awaitAsyncHttpRequest) int awaitAsyncHttpRequest(int request);

EXPORT(fetchAndAddOne) int fetchAndAddOne(int request) {
  logInt("sending request", request);
  // The whole call stack stops here, for as long as the task of the host takes. No thread waits.
  int response = awaitAsyncHttpRequest(request);
  logInt("got response", response);
  return response + 1;
}
