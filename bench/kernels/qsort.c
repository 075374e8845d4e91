// Quicksort of integers with a function for the comparison, as in the C library; short ranges by insertion.
#include "kernel.h"

#define LENGTH 20000
static int32_t items[LENGTH];

static int ascending(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

// Volatile, so that the compiler does not know it.
static int (*volatile comparison)(const void *, const void *) = ascending;

static void sort(int32_t *from, int32_t *to, int (*compare)(const void *, const void *))
{
    while (to - from > 8) {
        int32_t pivot = from[(to - from) / 2], *i = from - 1, *j = to;
        for (;;) {
            do i++; while (compare(i, &pivot) < 0);
            do j--; while (compare(j, &pivot) > 0);
            if (i >= j)
                break;
            int32_t t = *i;
            *i = *j;
            *j = t;
        }
        if (j + 1 - from < to - (j + 1)) {
            sort(from, j + 1, compare);
            from = j + 1;
        } else {
            sort(j + 1, to, compare);
            to = j + 1;
        }
    }
    for (int32_t *i = from + 1; i < to; i++) {
        int32_t item = *i, *j = i;
        for (; j > from && compare(j - 1, &item) > 0; j--)
            *j = *(j - 1);
        *j = item;
    }
}

KERNEL int run(int n)
{
    uint32_t random = 3, checksum = 0;
    for (int round = 0; round < n; round++) {
        for (int i = 0; i < LENGTH; i++)
            items[i] = (int32_t)next_random(&random);
        sort(items, items + LENGTH, comparison);
        for (int i = 1; i < LENGTH; i++)
            checksum += items[i - 1] <= items[i];
        checksum = mix(checksum, (uint32_t)items[LENGTH / 2]);
    }
    return (int)checksum;
}
