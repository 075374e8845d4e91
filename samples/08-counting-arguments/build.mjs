import { assemble, compileFreestanding, merge } from '../toolchain.mjs';

const folder = import.meta.dirname;

assemble(folder, 'count-args.wat', 'count-args.wasm');
await compileFreestanding(folder, 'counting.c', 'counting.wasm', ['-Wl,--import-table']);
// The C linker gives the table that it imports the module name `env`, so that is what the part that has it is called.
merge(folder, { 'count-args.wasm': 'env', 'counting.wasm': 'counting' }, 'merged.wasm');
