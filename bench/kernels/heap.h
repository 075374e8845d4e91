// The least allocator that reuses memory: lists of free blocks by size, in steps of 16 bytes, over an arena.
#pragma once
#include "kernel.h"

#define ARENA_BYTES (8 << 20)
#define STEP 16
#define CLASSES 64

struct free_block { struct free_block *next; };

#ifdef __wasm__
static uint8_t *arena;
#else
static _Alignas(16) uint8_t arena[ARENA_BYTES];
#endif
static size_t arena_used;
static struct free_block *free_blocks[CLASSES];

static void heap_reset(void)
{
#ifdef __wasm__
    if (!arena)
        arena = (uint8_t *)(__builtin_wasm_memory_grow(0, ARENA_BYTES >> 16) << 16);
#endif
    arena_used = 0;
    for (int i = 0; i < CLASSES; i++)
        free_blocks[i] = 0;
}

// Before each block stands its class. Sizes are below STEP * CLASSES; nothing here asks for more.
static NOINLINE void *allocate(size_t size)
{
    size_t class = (size + STEP - 1) / STEP;
    struct free_block *block = free_blocks[class];
    if (block) {
        free_blocks[class] = block->next;
        return block;
    }
    size_t whole = (class + 1) * STEP;
    if (arena_used + whole > ARENA_BYTES)
        __builtin_trap();
    size_t *header = (size_t *)(arena + arena_used);
    arena_used += whole;
    *header = class;
    return (uint8_t *)header + STEP;
}

static NOINLINE void release(void *memory)
{
    size_t class = *(size_t *)((uint8_t *)memory - STEP);
    struct free_block *block = memory;
    block->next = free_blocks[class];
    free_blocks[class] = block;
}
