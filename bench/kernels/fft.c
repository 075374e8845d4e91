// The fast Fourier transform of 1,024 complex numbers of float, and back.
#include "kernel.h"

#define SIZE 1024
static float re[SIZE], im[SIZE], cosines[SIZE / 2], sines[SIZE / 2];

// The roots of unity, each from the one before, by the sine and cosine of 2π/1024.
static void prepare(void)
{
    double c = 1, s = 0;
    for (int i = 0; i < SIZE / 2; i++) {
        cosines[i] = (float)c;
        sines[i] = (float)s;
        double next = c * 0.99998117528260111 - s * 0.0061358846491544753;
        s = s * 0.99998117528260111 + c * 0.0061358846491544753;
        c = next;
    }
}

static NOINLINE void transform(float sign)
{
    for (int i = 1, j = 0; i < SIZE; i++) {
        int bit = SIZE >> 1;
        for (; j & bit; bit >>= 1)
            j ^= bit;
        j ^= bit;
        if (i < j) {
            float r = re[i], m = im[i];
            re[i] = re[j]; im[i] = im[j];
            re[j] = r; im[j] = m;
        }
    }
    for (int length = 2; length <= SIZE; length *= 2) {
        int half = length / 2, stride = SIZE / length;
        for (int start = 0; start < SIZE; start += length) {
            for (int k = 0; k < half; k++) {
                float c = cosines[k * stride], s = sign * sines[k * stride];
                int a = start + k, b = a + half;
                float r = re[b] * c - im[b] * s, m = re[b] * s + im[b] * c;
                re[b] = re[a] - r; im[b] = im[a] - m;
                re[a] += r; im[a] += m;
            }
        }
    }
}

KERNEL int run(int n)
{
    uint32_t checksum = 0;
    prepare();
    for (int i = 0; i < SIZE; i++) {
        re[i] = (float)((i * 37) % 101 - 50);
        im[i] = 0;
    }
    for (int round = 0; round < n * 10; round++) {
        transform(-1);
        checksum = mix(checksum, (uint32_t)(int)re[round % SIZE]);
        transform(1);
        for (int i = 0; i < SIZE; i++) {
            re[i] *= 1.0f / SIZE;
            im[i] *= 1.0f / SIZE;
        }
    }
    return (int)checksum;
}
