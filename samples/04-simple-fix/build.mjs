import { assemble } from '../toolchain.mjs';

// The program itself is ../03-reentrancy-trouble/reentrancy.wasm, unchanged.
assemble(import.meta.dirname, 'around-wait.wat', 'around-wait.wasm');
