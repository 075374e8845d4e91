// A hash table with open addressing: insertions, look-ups, and removals that leave a mark.
#include "kernel.h"

#define SLOTS 65536
#define EMPTY 0
#define REMOVED 1
static uint32_t keys[SLOTS], counts[SLOTS];

// The place of a key, or the one where it would be inserted.
static NOINLINE uint32_t find(uint32_t key)
{
    uint32_t at = key * 2654435769u >> 16, removed = SLOTS;
    for (;; at = (at + 1) & (SLOTS - 1)) {
        if (keys[at] == key)
            return at;
        if (keys[at] == EMPTY)
            return removed < SLOTS ? removed : at;
        if (keys[at] == REMOVED && removed == SLOTS)
            removed = at;
    }
}

KERNEL int run(int n)
{
    uint32_t checksum = 0;
    for (int round = 0; round < n; round++) {
        uint32_t random = 99;
        for (int i = 0; i < SLOTS; i++)
            keys[i] = EMPTY;
        for (int i = 0; i < 100000; i++) {
            uint32_t key = next_random(&random) % 30000 + 2, at = find(key);
            if (keys[at] != key) {
                keys[at] = key;
                counts[at] = 0;
            } else if ((++counts[at] & 7) == 7) {
                keys[at] = REMOVED;
            }
        }
        for (uint32_t key = 2; key < 30002; key++) {
            uint32_t at = find(key);
            if (keys[at] == key)
                checksum += counts[at];
        }
    }
    return (int)checksum;
}
