// What the samples' build scripts share: C and WebAssembly text in, .wasm out.
// The C compiler comes from npm, so none has to be installed on the machine; the rest is Fermata's own.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Exit, runClang } from '@yowasp/clang';

const samples = import.meta.dirname;

// A trap is only readable with function names, so the name section stays when all else is stripped.
const keepNames = '-Wl,--strip-all,--keep-section=name';

// No C library, no main: the host calls what the source exports.
const freestanding = [
  '--target=wasm32-unknown-unknown', '-Os', '-ffreestanding', '-nostdlib', '-Wl,--no-entry',
  // One page of memory is plenty: 4 KiB of C stack, then the data.
  '-Wl,-z,stack-size=4096', keepNames,
];

/** Compiles one C file of `folder` that needs nothing but what it imports from the host. */
export const compileFreestanding = (folder, source, output, flags = []) =>
  clang(folder, source, output, [...freestanding, ...flags]);

/** Compiles one C file of `folder` against the C library; the result is a WASI preview 1 command. */
export const compileWasi = (folder, source, output, flags = []) =>
  clang(folder, source, output, ['--target=wasm32-wasip1', '-O2', keepNames, ...flags]);

// The first call would otherwise report in percent how it loads the compiler from node_modules.
await runClang(null, {}, { fetchProgress() {} });

async function clang(folder, source, output, flags) {
  // The compiler is itself WebAssembly. It sees only the files that it is given here.
  const files = {
    'guest.h': readFileSync(join(samples, 'guest.h'), 'utf8'),
    [source]: readFileSync(join(folder, source), 'utf8'),
  };
  const command = ['clang', '-std=c17', '-Wall', '-Wextra', '-Werror', ...flags, source, '-o', output];
  const built = await runClang(command, files).catch(failure => {
    throw failure instanceof Exit ? new Error(`${basename(folder)}/${source} does not compile`) : failure;
  });
  writeFileSync(join(folder, output), built[output]);
  report(folder, output);
}

/** Translates the text format. */
export const assemble = (folder, source, output) => fermata('wasm', at(folder, source), '-o', at(folder, output));

/** Links modules into one. `parts` maps each file to the module name under which the others import it. */
export const merge = (folder, parts, output) =>
  fermata('merge', ...Object.entries(parts).flatMap(([file, name]) => [at(folder, file), name]), '-o', at(folder, output));

// Fermata tells the size itself, and what else there is to know.
const fermata = (...command) =>
  execFileSync('dotnet', ['run', '--project', '../src/Fermata.Cli', '-c', 'Release', '--', ...command], { cwd: samples, stdio: 'inherit' });

const at = (folder, file) => `${basename(folder)}/${file}`;

const report = (folder, output) =>
  console.log(`${at(folder, output)}: ${readFileSync(join(folder, output)).length} bytes`);
