// Base64 (RFC 4648, section 4) of 48 KiB, and back.
#include "kernel.h"

#define BYTES (48 * 1024)
static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static uint8_t data[BYTES], text[BYTES / 3 * 4], back[BYTES], values[256];

static NOINLINE void encode(void)
{
    uint8_t *to = text;
    for (int i = 0; i < BYTES; i += 3) {
        uint32_t bits = (uint32_t)data[i] << 16 | (uint32_t)data[i + 1] << 8 | data[i + 2];
        *to++ = (uint8_t)alphabet[bits >> 18];
        *to++ = (uint8_t)alphabet[bits >> 12 & 63];
        *to++ = (uint8_t)alphabet[bits >> 6 & 63];
        *to++ = (uint8_t)alphabet[bits & 63];
    }
}

static NOINLINE void decode(void)
{
    uint8_t *to = back;
    for (int i = 0; i < BYTES / 3 * 4; i += 4) {
        uint32_t bits = (uint32_t)values[text[i]] << 18 | (uint32_t)values[text[i + 1]] << 12 | (uint32_t)values[text[i + 2]] << 6 | values[text[i + 3]];
        *to++ = (uint8_t)(bits >> 16);
        *to++ = (uint8_t)(bits >> 8);
        *to++ = (uint8_t)bits;
    }
}

KERNEL int run(int n)
{
    uint32_t random = 5, checksum = 0;
    for (int i = 0; i < 64; i++)
        values[(uint8_t)alphabet[i]] = (uint8_t)i;
    for (int i = 0; i < BYTES; i++)
        data[i] = (uint8_t)next_random(&random);
    for (int round = 0; round < n * 10; round++) {
        data[round % BYTES]++;
        encode();
        decode();
        checksum = mix(checksum, text[round * 4 % sizeof text] + back[round % BYTES]);
    }
    return (int)checksum;
}
