import { compileFreestanding } from '../toolchain.mjs';

await compileFreestanding(import.meta.dirname, 'trampoline.c', 'trampoline.wasm', ['-Wl,--export-table']);
