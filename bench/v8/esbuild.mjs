// esbuild prints its version, by Go's own JavaScript.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'node_modules', 'esbuild-wasm');
const require = createRequire(import.meta.url);
globalThis.fs = { ...require('node:fs'), write, writeSync: write };
globalThis.path = require('node:path');
require(join(folder, 'wasm_exec.js'));

let printed = '';
const module = new WebAssembly.Module(readFileSync(join(folder, 'esbuild.wasm')));
await run();

export async function round() {
  const start = performance.now();
  await run();
  return { value: performance.now() - start };
}

async function run() {
  printed = '';
  const go = new Go();
  go.argv = ['esbuild', '--version'];
  await go.run(new WebAssembly.Instance(module, go.importObject));
  if (printed.trim() !== require(join(folder, 'package.json')).version) throw new Error(`esbuild says ${printed}`);
}

function write(descriptor, bytes, ...rest) {
  printed += Buffer.from(bytes).toString();
  rest.at(-1)?.(null, bytes.length);
  return bytes.length;
}
