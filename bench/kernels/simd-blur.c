// A blur of a grey image by the mean of three points, in vectors of 16 bytes: across, then down.
// clang: -msimd128
#include "kernel.h"

#define WIDTH 512
#define HEIGHT 256
typedef uint8_t bytes __attribute__((vector_size(16), aligned(1)));
typedef uint16_t words __attribute__((vector_size(16)));

static uint8_t image[HEIGHT + 2][WIDTH + 32], across[HEIGHT + 2][WIDTH + 32];

static inline words low(bytes v)
{
    return (words)__builtin_shufflevector(v, (bytes){ 0 }, 0, 16, 1, 16, 2, 16, 3, 16, 4, 16, 5, 16, 6, 16, 7, 16);
}

static inline words high(bytes v)
{
    return (words)__builtin_shufflevector(v, (bytes){ 0 }, 8, 16, 9, 16, 10, 16, 11, 16, 12, 16, 13, 16, 14, 16, 15, 16);
}

static inline bytes mean(bytes a, bytes b, bytes c)
{
    words below = (low(a) + low(b) + low(b) + low(c)) >> 2, above = (high(a) + high(b) + high(b) + high(c)) >> 2;
    return __builtin_shufflevector((bytes)below, (bytes)above, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
}

static NOINLINE void blur(void)
{
    for (int y = 1; y <= HEIGHT; y++) {
        for (int x = 16; x < WIDTH + 16; x += 16) {
            const uint8_t *at = &image[y][x];
            *(bytes *)&across[y][x] = mean(*(const bytes *)(at - 1), *(const bytes *)at, *(const bytes *)(at + 1));
        }
    }
    for (int y = 1; y <= HEIGHT; y++) {
        for (int x = 16; x < WIDTH + 16; x += 16)
            *(bytes *)&image[y][x] = mean(*(bytes *)&across[y - 1][x], *(bytes *)&across[y][x], *(bytes *)&across[y + 1][x]);
    }
}

KERNEL int run(int n)
{
    uint32_t random = 1, checksum = 0;
    for (int y = 1; y <= HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++)
            image[y][x + 16] = (uint8_t)next_random(&random);
    }
    for (int i = 0; i < n; i++) {
        blur();
        checksum = mix(checksum, image[1 + i % HEIGHT][16 + i % WIDTH]);
    }
    return (int)checksum;
}
