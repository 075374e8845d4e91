// The spectral norm of an infinite matrix, cut off at 100 rows, by repeated multiplication.
#include "kernel.h"

#define SIZE 100
static double u[SIZE], v[SIZE], t[SIZE];

static double element(int i, int j)
{
    return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1);
}

static NOINLINE void multiply(const double *from, double *to, int transposed)
{
    for (int i = 0; i < SIZE; i++) {
        double sum = 0;
        for (int j = 0; j < SIZE; j++)
            sum += (transposed ? element(j, i) : element(i, j)) * from[j];
        to[i] = sum;
    }
}

KERNEL int run(int n)
{
    double numerator = 0, denominator = 0;
    for (int i = 0; i < SIZE; i++)
        u[i] = 1;
    for (int i = 0; i < n * 10; i++) {
        multiply(u, t, 0);
        multiply(t, v, 1);
        multiply(v, t, 0);
        multiply(t, u, 1);
        double scale = 1 / u[0];
        for (int j = 0; j < SIZE; j++) {
            u[j] *= scale;
            v[j] *= scale;
        }
    }
    for (int i = 0; i < SIZE; i++) {
        numerator += u[i] * v[i];
        denominator += v[i] * v[i];
    }
    return (int)(__builtin_sqrt(numerator / denominator) * 1e8);
}
