// What the kernels have in common. They use no library, so that each engine runs the same few functions.
#pragma once
#include <stddef.h>
#include <stdint.h>

// The function that is measured: it does the work n times and returns a checksum.
#ifdef __wasm__
#define KERNEL __attribute__((export_name("run")))
#else
#define KERNEL __attribute__((visibility("default")))
#endif

#define NOINLINE __attribute__((noinline))

// Xorshift (Marsaglia, 2003): enough to fill arrays with.
static inline uint32_t next_random(uint32_t *state)
{
    uint32_t x = *state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return *state = x;
}

// One step of FNV-1a, over 32 bits at once.
static inline uint32_t mix(uint32_t checksum, uint32_t value)
{
    return (checksum ^ value) * 16777619u;
}
