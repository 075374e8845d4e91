// Loops that the compiler makes vector instructions of: weighted sums of arrays, and their least and greatest element.
// clang: -msimd128
#include "kernel.h"

#define LENGTH 8192
static int32_t a[LENGTH], b[LENGTH], c[LENGTH];

static NOINLINE void combine(int32_t *restrict to, const int32_t *restrict x, const int32_t *restrict y, int32_t weight)
{
    for (int i = 0; i < LENGTH; i++)
        to[i] = (x[i] * weight + y[i]) ^ (x[i] >> 3);
}

static NOINLINE int32_t range(const int32_t *x)
{
    int32_t least = x[0], most = x[0];
    for (int i = 0; i < LENGTH; i++) {
        least = x[i] < least ? x[i] : least;
        most = x[i] > most ? x[i] : most;
    }
    return (int32_t)((uint32_t)most - (uint32_t)least);
}

KERNEL int run(int n)
{
    uint32_t checksum = 0;
    for (int i = 0; i < LENGTH; i++) {
        a[i] = i;
        b[i] = (i * 37) & 1023;
    }
    for (int i = 0; i < n * 10; i++) {
        combine(c, a, b, (i & 7) + 1);
        checksum = mix(checksum, (uint32_t)range(c));
        b[i & (LENGTH - 1)]++;
    }
    return (int)checksum;
}
