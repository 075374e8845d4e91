import { compileWasi } from '../toolchain.mjs';

// Without inlining each function is there to be seen: in the stacks of guests that wait, and of those that trap.
await compileWasi(import.meta.dirname, 'guest.c', 'guest.wasm', ['-fno-inline']);
