import { compileFreestanding } from '../toolchain.mjs';

await compileFreestanding(import.meta.dirname, 'cast.c', 'cast.wasm');
