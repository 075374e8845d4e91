// Virtual calls as C++ compiles them: shapes with a table of functions each, in an array of pointers.
#include "kernel.h"

struct shape;
struct methods { int (*area)(const struct shape *); void (*grow)(struct shape *, int); };
struct shape { const struct methods *methods; int a, b; };

static int rectangle_area(const struct shape *s) { return s->a * s->b; }
static int triangle_area(const struct shape *s) { return s->a * s->b / 2; }
static int square_area(const struct shape *s) { return s->a * s->a; }
static void grow_both(struct shape *s, int by) { s->a = (s->a + by) & 1023; s->b = (s->b + by) & 1023; }
static void grow_one(struct shape *s, int by) { s->a = (s->a + by) & 1023; }

static const struct methods rectangle = { rectangle_area, grow_both };
static const struct methods triangle = { triangle_area, grow_both };
static const struct methods square = { square_area, grow_one };

#define SHAPES 1000
static struct shape shapes[SHAPES];
static struct shape *order[SHAPES];

KERNEL int run(int n)
{
    static const struct methods *const kinds[] = { &rectangle, &triangle, &square };
    uint32_t random = 7, checksum = 0;
    for (int i = 0; i < SHAPES; i++) {
        shapes[i] = (struct shape){ kinds[next_random(&random) % 3], i & 63, i >> 4 };
        order[i] = &shapes[i * 7 % SHAPES];
    }
    for (int round = 0; round < n * 100; round++) {
        for (int i = 0; i < SHAPES; i++) {
            struct shape *s = order[i];
            s->methods->grow(s, round & 7);
            checksum += (uint32_t)s->methods->area(s);
        }
    }
    return (int)checksum;
}
