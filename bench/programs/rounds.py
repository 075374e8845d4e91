# Prints that it runs, and then measures a round for each line that it reads.
import sys
import time

from work import work

print("ready", flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    result = work()
    print('{"value": %.3f, "checksum": %d}' % ((time.perf_counter() - start) * 1000, result), flush=True)
