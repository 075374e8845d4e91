// What the samples' build scripts share: C and WebAssembly text in, .wasm out.
// Everything comes from npm, so no compiler has to be installed on the machine.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { Exit, runClang } from '@yowasp/clang';

const samples = import.meta.dirname;
const binaryen = join(dirname(createRequire(import.meta.url).resolve('binaryen/package.json')), 'bin');

// A trap is only readable with function names, so the name section stays when all else is stripped.
const keepNames = '-Wl,--strip-all,--keep-section=name';

// No C library, no main: the host calls what the source exports.
const freestanding = [
  '--target=wasm32-unknown-unknown', '-Os', '-ffreestanding', '-nostdlib', '-Wl,--no-entry',
  // One page of memory is plenty: 4 KiB of C stack, then the data.
  '-Wl,-z,stack-size=4096', keepNames,
];

// By name, because "all" makes Binaryen write proposals that engines do not read yet.
const features = ['reference-types', 'bulk-memory', 'gc', 'multivalue', 'mutable-globals', 'nontrapping-float-to-int', 'sign-ext']
  .map(name => `--enable-${name}`);

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

/** Translates the text format; knows the instructions on function types (`ref.test`). */
export function assemble(folder, source, output) {
  tool('wasm-as', folder, [source, '-o', output, '-g', ...features]);
  report(folder, output);
}

/** Links modules into one. `parts` maps each file to the module name under which the others import it. */
export function merge(folder, parts, output) {
  tool('wasm-merge', folder, [...Object.entries(parts).flat(), '-o', output, '-g', ...features]);
  report(folder, output);
}

// Binaryen's command-line tools are JavaScript too, whatever their names say.
const tool = (name, folder, args) =>
  execFileSync(process.execPath, [join(binaryen, name), ...args], { cwd: folder, stdio: 'inherit' });

const report = (folder, output) =>
  console.log(`${basename(folder)}/${output}  ${readFileSync(join(folder, output)).length} bytes`);
