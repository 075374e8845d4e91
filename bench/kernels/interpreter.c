// An interpreter of bytecode: one switch in a loop. Its program adds up the steps of the Collatz sequences of the numbers below 1,000.
#include "kernel.h"

enum { PUSH, LOAD, STORE, ADD, MULTIPLY, HALVE, IS_ODD, IS_LESS, JUMP, JUMP_UNLESS, HALT };
enum { I, X, STEPS };

static const uint16_t program[] = {
    /*  0 */ PUSH, 1, STORE, I,
    /*  4 */ LOAD, I, STORE, X,
    /*  8 */ PUSH, 1, LOAD, X, IS_LESS, JUMP_UNLESS, 46,
    /* 15 */ LOAD, STEPS, PUSH, 1, ADD, STORE, STEPS,
    /* 22 */ LOAD, X, IS_ODD, JUMP_UNLESS, 39,
    /* 27 */ PUSH, 3, LOAD, X, MULTIPLY, PUSH, 1, ADD, STORE, X, JUMP, 8,
    /* 39 */ LOAD, X, HALVE, STORE, X, JUMP, 8,
    /* 46 */ LOAD, I, PUSH, 1, ADD, STORE, I,
    /* 53 */ LOAD, I, PUSH, 1000, IS_LESS, JUMP_UNLESS, 62, JUMP, 4,
    /* 62 */ HALT,
};

static NOINLINE int interpret(const uint16_t *code, int *variables)
{
    int stack[16], depth = 0;
    for (int at = 0, executed = 0;; executed++) {
        switch (code[at++]) {
        case PUSH: stack[depth++] = code[at++]; break;
        case LOAD: stack[depth++] = variables[code[at++]]; break;
        case STORE: variables[code[at++]] = stack[--depth]; break;
        case ADD: depth--; stack[depth - 1] += stack[depth]; break;
        case MULTIPLY: depth--; stack[depth - 1] *= stack[depth]; break;
        case HALVE: stack[depth - 1] >>= 1; break;
        case IS_ODD: stack[depth - 1] &= 1; break;
        case IS_LESS: depth--; stack[depth - 1] = stack[depth - 1] < stack[depth]; break;
        case JUMP: at = code[at]; break;
        case JUMP_UNLESS: at = stack[--depth] ? at + 1 : code[at]; break;
        case HALT: return executed;
        }
    }
}

KERNEL int run(int n)
{
    int checksum = 0;
    for (int i = 0; i < n; i++) {
        int variables[3] = { 0, 0, i };
        checksum += interpret(program, variables) + variables[STEPS];
    }
    return checksum;
}
