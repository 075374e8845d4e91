// Scalar products of vectors of float, four at a time, with two sums.
// clang: -msimd128
#include "kernel.h"

#define LENGTH 4096
typedef float floats __attribute__((vector_size(16)));

static floats a[LENGTH / 4], b[LENGTH / 4];

static NOINLINE float dot(void)
{
    floats even = { 0 }, odd = { 0 };
    for (int i = 0; i < LENGTH / 4; i += 2) {
        even += a[i] * b[i];
        odd += a[i + 1] * b[i + 1];
    }
    floats sum = even + odd;
    return sum[0] + sum[1] + (sum[2] + sum[3]);
}

KERNEL int run(int n)
{
    uint32_t checksum = 0;
    for (int i = 0; i < LENGTH; i++) {
        ((float *)a)[i] = (float)(i & 15);
        ((float *)b)[i] = (float)(i % 7) * 0.5f;
    }
    for (int i = 0; i < n * 100; i++) {
        ((float *)a)[i & (LENGTH - 1)] += 1;
        checksum = mix(checksum, (uint32_t)dot());
    }
    return (int)checksum;
}
