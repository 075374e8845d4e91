import { compileFreestanding } from '../toolchain.mjs';

// The stack pointer is exported for the two remedies: sample 04 (by the host) and 05 (by the engine).
await compileFreestanding(import.meta.dirname, 'reentrancy.c', 'reentrancy.wasm', ['-Wl,--export=__stack_pointer']);
