import { compileFreestanding } from '../toolchain.mjs';

await compileFreestanding(import.meta.dirname, 'basic.c', 'basic.wasm');
