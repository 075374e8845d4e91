// Compression by references to what was before (LZ77, found with a hash of three bytes), and decompression, of 64 KiB of text.
#include "kernel.h"

#define BYTES 65536
#define SHORTEST 4
#define LONGEST 131
static uint8_t plain[BYTES], packed[BYTES * 2], unpacked[BYTES];
static int latest[4096];

// A byte below 128: so many literals and one more follow. Else a match: its length less SHORTEST, and its distance in two bytes.
static NOINLINE int compress(void)
{
    int at = 0, to = 0, literals = 0;
    for (int i = 0; i < 4096; i++)
        latest[i] = -1;
    while (at < BYTES) {
        int length = 0, candidate = -1;
        if (at + SHORTEST <= BYTES) {
            uint32_t hash = (plain[at] * 506832829u + plain[at + 1] * 2654435761u + plain[at + 2] * 40503u) >> 20;
            candidate = latest[hash];
            latest[hash] = at;
            if (candidate >= 0) {
                while (length < LONGEST && at + length < BYTES && plain[candidate + length] == plain[at + length])
                    length++;
            }
        }
        if (length >= SHORTEST) {
            int distance = at - candidate;
            packed[to++] = (uint8_t)(128 + length - SHORTEST);
            packed[to++] = (uint8_t)distance;
            packed[to++] = (uint8_t)(distance >> 8);
            at += length;
            literals = 0;
        } else {
            if (literals == 0 || packed[to - literals - 1] == 127) {
                packed[to++] = 255;
                literals = 0;
            }
            packed[to++] = plain[at++];
            packed[to - literals - 2] = (uint8_t)literals;
            literals++;
        }
    }
    return to;
}

static NOINLINE int decompress(int length)
{
    int to = 0;
    for (int at = 0; at < length;) {
        int head = packed[at++];
        if (head < 128) {
            for (int i = 0; i <= head; i++)
                unpacked[to++] = packed[at++];
        } else {
            int distance = packed[at] | packed[at + 1] << 8;
            at += 2;
            for (int i = 0; i < head - 128 + SHORTEST; i++, to++)
                unpacked[to] = unpacked[to - distance];
        }
    }
    return to;
}

KERNEL int run(int n)
{
    static const char *const words[] = { "the ", "stack ", "of ", "a ", "call ", "is ", "suspended ", "and ", "resumed ", "later", ". ", "Memory " };
    uint32_t random = 11, checksum = 0;
    for (int at = 0; at < BYTES;) {
        for (const char *c = words[next_random(&random) % 12]; *c && at < BYTES; c++)
            plain[at++] = (uint8_t)*c;
        if (at < BYTES && next_random(&random) % 4 == 0)
            plain[at++] = (uint8_t)('0' + next_random(&random) % 10);
    }
    for (int round = 0; round < n; round++) {
        plain[round % BYTES] = (uint8_t)round;
        int length = compress();
        checksum = mix(checksum, (uint32_t)(length + decompress(length)));
        for (int i = 0; i < BYTES; i++)
            checksum += plain[i] == unpacked[i];
    }
    return (int)checksum;
}
