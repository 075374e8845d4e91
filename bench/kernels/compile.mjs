// Compiles kernels to WebAssembly: node compile.mjs, then NAME OUTPUT for each.
// A line that begins with "// clang:" has more options for its kernel.

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Exit, runClang } from '@yowasp/clang';

const read = name => readFileSync(join(import.meta.dirname, name), 'utf8');
const headers = { 'kernel.h': read('kernel.h'), 'heap.h': read('heap.h') };
const kernels = process.argv.slice(2);

// The first call would otherwise report in percent how it loads the compiler from node_modules.
await runClang(null, {}, { fetchProgress() {} });

for (let i = 0; i < kernels.length; i += 2) {
  const [name, output] = kernels.slice(i, i + 2);
  const source = read(`${name}.c`);
  const options = [...source.matchAll(/^\/\/ clang:(.*)$/gm)].flatMap(([, line]) => line.trim().split(' '));
  const command = [
    'clang', '--target=wasm32', '-std=gnu17', '-O2', '-ffreestanding', '-nostdlib', '-Wall', '-Wextra', '-Werror', '-Wl,--no-entry', ...options,
    `${name}.c`, '-o', 'kernel.wasm',
  ];
  const built = await runClang(command, { ...headers, [`${name}.c`]: source }).catch(failure => {
    throw failure instanceof Exit ? new Error(`${name}.c does not compile`) : failure;
  });

  // Whoever sees the file sees all of it.
  const temporary = `${output}.${process.pid}`;
  writeFileSync(temporary, built['kernel.wasm']);
  renameSync(temporary, output);
}
