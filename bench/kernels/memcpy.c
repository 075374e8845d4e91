// Copies and fills of many sizes, from 16 bytes to 64 KiB.
#include "kernel.h"

#define BYTES 65536
static uint8_t from[BYTES + 64], to[BYTES + 64];

KERNEL int run(int n)
{
    uint32_t checksum = 0;
    for (int i = 0; i < BYTES; i++)
        from[i] = (uint8_t)(i ^ i >> 8);
    for (int round = 0; round < n; round++) {
        for (size_t size = 16; size <= BYTES; size *= 2) {
            for (size_t times = 0; times < 8 + 4096 / size; times++) {
                __builtin_memcpy(to + times % 32, from + times % 16, size);
                __builtin_memset(from + times % 64, (int)times, size / 4);
            }
            checksum = mix(checksum, to[size / 2]);
        }
    }
    return (int)checksum;
}
