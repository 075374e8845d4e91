// Searches for words in 64 KiB of text: by shifting over what cannot match (Boyer, Moore and Horspool), and letter by letter.
#include "kernel.h"

#define BYTES 65536
static uint8_t text[BYTES];

static NOINLINE int count_shifting(const uint8_t *word, int length)
{
    int shift[256], count = 0;
    for (int i = 0; i < 256; i++)
        shift[i] = length;
    for (int i = 0; i < length - 1; i++)
        shift[word[i]] = length - 1 - i;
    for (int at = 0; at + length <= BYTES; at += shift[text[at + length - 1]]) {
        int i = length - 1;
        while (i >= 0 && text[at + i] == word[i])
            i--;
        count += i < 0;
    }
    return count;
}

static NOINLINE int count_plainly(const uint8_t *word, int length)
{
    int count = 0;
    for (int at = 0; at + length <= BYTES; at++) {
        int i = 0;
        while (i < length && text[at + i] == word[i])
            i++;
        count += i == length;
    }
    return count;
}

KERNEL int run(int n)
{
    uint32_t random = 23, checksum = 0;
    uint8_t word[8];
    for (int i = 0; i < BYTES; i++)
        text[i] = (uint8_t)('a' + next_random(&random) % 6);
    for (int round = 0; round < n * 10; round++) {
        int length = 3 + round % 6;
        for (int i = 0; i < length; i++)
            word[i] = text[round * 31 % (BYTES - 8) + i];
        checksum = mix(checksum, (uint32_t)(count_shifting(word, length) * 1000 + count_plainly(word, length)));
    }
    return (int)checksum;
}
