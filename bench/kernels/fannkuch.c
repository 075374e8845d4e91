// All permutations of a few numbers, each turned over until its first number is 0 (fannkuch).
#include "kernel.h"

static int fannkuch(int n)
{
    int first[16], work[16], counts[16], most = 0, sum = 0, left = n;
    for (int i = 0; i < n; i++)
        first[i] = i;
    for (int even = 1;; even = !even) {
        for (; left > 1; left--)
            counts[left - 1] = left;
        if (first[0] != 0) {
            int flips = 0;
            for (int i = 0; i < n; i++)
                work[i] = first[i];
            for (int k; (k = work[0]) != 0; flips++) {
                for (int i = 0, j = k; i < j; i++, j--) {
                    int t = work[i];
                    work[i] = work[j];
                    work[j] = t;
                }
            }
            most = flips > most ? flips : most;
            sum += even ? flips : -flips;
        }
        for (;; left++) {
            if (left == n)
                return sum * 100 + most;
            int moved = first[0];
            for (int i = 0; i < left; i++)
                first[i] = first[i + 1];
            first[left] = moved;
            if (--counts[left] > 0)
                break;
        }
    }
}

KERNEL int run(int n)
{
    uint32_t checksum = 0;
    for (int i = 0; i < n; i++)
        checksum = mix(checksum, (uint32_t)fannkuch(8));
    return (int)checksum;
}
