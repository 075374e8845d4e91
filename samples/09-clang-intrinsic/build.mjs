import { compileFreestanding } from '../toolchain.mjs';

await compileFreestanding(import.meta.dirname, 'intrinsic.c', 'intrinsic.wasm', ['-mreference-types', '-mgc']);
