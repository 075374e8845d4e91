// A binary search tree in arrays: insertions in random order, look-ups, and a walk over all.
#include "kernel.h"

#define NODES 20000
static uint32_t keys[NODES];
static int left[NODES], right[NODES], count;

static NOINLINE void insert(uint32_t key)
{
    int *link = left;
    int at = 0;
    if (count > 0) {
        for (;;) {
            if (key == keys[at])
                return;
            link = key < keys[at] ? &left[at] : &right[at];
            if (*link < 0)
                break;
            at = *link;
        }
        *link = count;
    }
    keys[count] = key;
    left[count] = right[count] = -1;
    count++;
}

static NOINLINE int depth_of(uint32_t key)
{
    int depth = 0;
    for (int at = 0; at >= 0; depth++) {
        if (keys[at] == key)
            return depth;
        at = key < keys[at] ? left[at] : right[at];
    }
    return -depth;
}

static uint32_t sum(int at)
{
    return at < 0 ? 0 : keys[at] + 3 * sum(left[at]) + 5 * sum(right[at]);
}

KERNEL int run(int n)
{
    uint32_t checksum = 0;
    for (int round = 0; round < n; round++) {
        uint32_t random = 17;
        count = 0;
        while (count < NODES)
            insert(next_random(&random) >> 8);
        for (uint32_t i = 0; i < NODES; i++)
            checksum += (uint32_t)depth_of(keys[i] ^ (i & 1));
        checksum = mix(checksum, sum(0));
    }
    return (int)checksum;
}
