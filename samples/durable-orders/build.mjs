import { compileWasi } from '../toolchain.mjs';

// A library: `_initialize` in place of a main. Of the C library it has malloc only, so that it imports nothing but the shop.
// Without inlining each function is there to be seen where an order waits.
await compileWasi(import.meta.dirname, 'order.c', 'order.wasm', ['-mexec-model=reactor', '-fno-inline']);
