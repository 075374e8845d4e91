// Integers of 64 bits, mixed by multiplications, shifts and rotations, with divisions now and then.
#include "kernel.h"

static inline uint64_t rotate(uint64_t x, int by) { return x << by | x >> (64 - by); }

KERNEL int run(int n)
{
    uint64_t a = 0x243f6a8885a308d3, b = 0x13198a2e03707344, sum = 0;
    for (int i = 0; i < n * 10000; i++) {
        a = rotate(a ^ b, 25) * 0x9e3779b97f4a7c15;
        b = (b + a) ^ (a >> 29);
        b ^= b * 0xbf58476d1ce4e5b9;
        if ((i & 15) == 0)
            sum += a / (b >> 40 | 1);
        sum ^= rotate(b, (int)(a & 31) + 1);
    }
    return (int)(sum ^ sum >> 32);
}
