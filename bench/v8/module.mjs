// The measured modules, instantiated with the import that waits.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The exports of a module of ../modules. `wait` may return a promise, for which WebAssembly waits. */
export function instantiate(name, wait) {
  const bytes = readFileSync(join(import.meta.dirname, '..', 'modules', `${name}.wasm`));
  const imports = wait ? { env: { wait: new WebAssembly.Suspending(wait) } } : {};
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports;
}

/** A round that measured nonsense must not become a number in a table. */
export function expect(actual, expected) {
  if (actual !== expected) throw new Error(`expected ${expected}, got ${actual}`);
}
