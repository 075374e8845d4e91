// Products of matrices of double, 96 by 96.
#include "kernel.h"

#define SIZE 96
static double a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];

static NOINLINE void multiply(void)
{
    for (int i = 0; i < SIZE; i++) {
        for (int j = 0; j < SIZE; j++) {
            double sum = 0;
            for (int k = 0; k < SIZE; k++)
                sum += a[i][k] * b[k][j];
            c[i][j] = sum;
        }
    }
}

KERNEL int run(int n)
{
    double trace = 0;
    for (int i = 0; i < SIZE; i++) {
        for (int j = 0; j < SIZE; j++) {
            a[i][j] = (i * 3 + j) % 17;
            b[i][j] = (i + j * 5) % 13 - 6;
        }
    }
    for (int round = 0; round < n; round++) {
        a[round % SIZE][0] += 1;
        multiply();
        for (int i = 0; i < SIZE; i++)
            trace += c[i][(i + round) % SIZE];
    }
    return (int)trace;
}
