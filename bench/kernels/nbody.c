// Five bodies that attract each other, in steps of time.
#include "kernel.h"

#define BODIES 5
static double x[BODIES], y[BODIES], z[BODIES], vx[BODIES], vy[BODIES], vz[BODIES], mass[BODIES];

static NOINLINE void step(double time)
{
    for (int i = 0; i < BODIES; i++) {
        for (int j = i + 1; j < BODIES; j++) {
            double dx = x[i] - x[j], dy = y[i] - y[j], dz = z[i] - z[j];
            double square = dx * dx + dy * dy + dz * dz + 0.01;
            double force = time / (square * __builtin_sqrt(square));
            vx[i] -= dx * mass[j] * force;
            vy[i] -= dy * mass[j] * force;
            vz[i] -= dz * mass[j] * force;
            vx[j] += dx * mass[i] * force;
            vy[j] += dy * mass[i] * force;
            vz[j] += dz * mass[i] * force;
        }
    }
    for (int i = 0; i < BODIES; i++) {
        x[i] += time * vx[i];
        y[i] += time * vy[i];
        z[i] += time * vz[i];
    }
}

KERNEL int run(int n)
{
    for (int i = 0; i < BODIES; i++) {
        x[i] = i * 1.5 - 3;
        y[i] = (i * i) % 4 - 1.25;
        z[i] = i * 0.125;
        vx[i] = 0.25 * (i % 3) - 0.25;
        vy[i] = 0.125 * (i % 2);
        vz[i] = 0;
        mass[i] = i == 0 ? 8 : 0.5 / i;
    }
    for (int i = 0; i < n * 1000; i++)
        step(0.001);
    return (int)(x[1] * 1e6) ^ (int)(y[2] * 1e6) ^ (int)(vz[4] * 1e6);
}
