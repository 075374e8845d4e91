import { compileWasi } from '../toolchain.mjs';

await compileWasi(import.meta.dirname, 'weather.c', 'weather.wasm');
