import { assemble, compileWasi } from '../toolchain.mjs';

await compileWasi(import.meta.dirname, 'weather.c', 'weather.wasm');
assemble(import.meta.dirname, 'cautious.wat', 'cautious.wasm');
