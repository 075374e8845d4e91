import { compileFreestanding } from '../toolchain.mjs';

await compileFreestanding(import.meta.dirname, 'separate-await.c', 'separate-await.wasm', ['-mreference-types']);
