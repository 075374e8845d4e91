// Rebuilds the .wasm of every sample, in order: sample 04 uses the program that 03 built.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

for (const name of readdirSync(import.meta.dirname).sort()) {
  if (existsSync(join(import.meta.dirname, name, 'build.mjs'))) await import(`./${name}/build.mjs`);
}
