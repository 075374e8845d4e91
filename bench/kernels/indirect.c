// Calls through a table in a loop, of functions that do next to nothing.
#include "kernel.h"

static int add(int x) { return x + 3; }
static int negate(int x) { return -x; }
static int rotate(int x) { return (int)((uint32_t)x << 5 | (uint32_t)x >> 27); }
static int scramble(int x) { return x ^ 0x5bd1e995; }

// Volatile, so that the compiler does not know what is in it.
static int (*volatile functions[4])(int) = { add, negate, rotate, scramble };

KERNEL int run(int n)
{
    int (*local[4])(int) = { functions[0], functions[1], functions[2], functions[3] };
    int x = 1;
    for (int i = 0; i < n * 100000; i++)
        x = local[i & 3](x) + i;
    return x;
}
