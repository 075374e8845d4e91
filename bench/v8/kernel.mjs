// A plain synchronous call of a function that only computes: kernel MODULE EXPORT ARGUMENT.

import { readFileSync } from 'node:fs';

const [module, name, argument] = process.argv.slice(3);
const { [name]: run } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(module))).exports;

export function round() {
  const start = performance.now();
  const checksum = run(Number(argument));
  return { value: performance.now() - start, checksum };
}
