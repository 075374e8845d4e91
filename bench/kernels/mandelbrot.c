// The Mandelbrot set on a grid of 128 by 128 points, 100 iterations at most.
#include "kernel.h"

#define SIZE 128

static NOINLINE int iterations(double cx, double cy)
{
    double x = 0, y = 0;
    int i = 0;
    for (; i < 100 && x * x + y * y < 4; i++) {
        double next = x * x - y * y + cx;
        y = 2 * x * y + cy;
        x = next;
    }
    return i;
}

KERNEL int run(int n)
{
    int sum = 0;
    for (int round = 0; round < n; round++) {
        for (int i = 0; i < SIZE; i++) {
            for (int j = 0; j < SIZE; j++)
                sum += iterations(j * (3.0 / SIZE) - 2 + round * 1e-3, i * (2.5 / SIZE) - 1.25);
        }
    }
    return sum;
}
