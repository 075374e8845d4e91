// Loads a large module: module-load MODULE.

import { readFileSync } from 'node:fs';

export function round() {
  const start = performance.now();
  new WebAssembly.Module(readFileSync(process.argv[3]));
  return { value: performance.now() - start };
}
