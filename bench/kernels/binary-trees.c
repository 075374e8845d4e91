// Binary trees that are allocated, walked and freed, node by node.
#include "heap.h"

struct tree { struct tree *left, *right; };

static struct tree *grow(int depth)
{
    struct tree *tree = allocate(sizeof *tree);
    tree->left = depth > 0 ? grow(depth - 1) : 0;
    tree->right = depth > 0 ? grow(depth - 1) : 0;
    return tree;
}

static int count(const struct tree *tree)
{
    return tree ? 1 + count(tree->left) + count(tree->right) : 0;
}

static void fell(struct tree *tree)
{
    if (tree) {
        fell(tree->left);
        fell(tree->right);
        release(tree);
    }
}

KERNEL int run(int n)
{
    int nodes = 0;
    heap_reset();
    struct tree *stays = grow(14);
    for (int round = 0; round < n; round++) {
        for (int depth = 4; depth <= 14; depth += 2) {
            for (int i = 0; i < 1 << (14 - depth); i++) {
                struct tree *tree = grow(depth);
                nodes += count(tree);
                fell(tree);
            }
        }
    }
    return nodes + count(stays);
}
