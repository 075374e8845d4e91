// Compiles programs in C for WASI: node compile.mjs HEADER, then SOURCE OUTPUT for each program.
// A line that begins with "// clang:" has more options for its program.

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Exit, runClang } from '@yowasp/clang';

const [header, ...programs] = process.argv.slice(2);
const files = { [basename(header)]: readFileSync(header, 'utf8') };

// The first call would otherwise report in percent how it loads the compiler from node_modules.
await runClang(null, {}, { fetchProgress() {} });

for (let i = 0; i < programs.length; i += 2) {
  const [path, output] = programs.slice(i, i + 2);
  const source = readFileSync(path, 'utf8');
  const name = basename(path);
  const options = [...source.matchAll(/^\/\/ clang:(.*)$/gm)].flatMap(([, line]) => line.trim().split(' '));
  const command = ['clang', '--target=wasm32-wasip1', '-std=gnu17', '-O2', '-Wall', '-Wextra', '-Werror', ...options, name, '-o', 'program.wasm'];
  const built = await runClang(command, { ...files, [name]: source }).catch(failure => {
    throw failure instanceof Exit ? new Error(`${name} does not compile`) : failure;
  });

  // Whoever sees the file sees all of it.
  const temporary = `${output}.${process.pid}`;
  writeFileSync(temporary, built['program.wasm']);
  renameSync(temporary, output);
}
