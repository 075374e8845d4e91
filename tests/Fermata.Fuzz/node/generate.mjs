// Makes modules with `wasm-opt -ttf` from seeded random bytes: node generate.mjs SEED FIRST COUNT OUTPUT FEATURE…
// OUTPUT gets, for each module, its length (32 bits, little-endian) and its bytes; a seed that makes no module gives length 0.
//
// The start of wasm-opt takes most of its time, and most of that is the compilation of its own code, so it runs many
// times in one process here and is compiled once.

import { closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Random } from './random.mjs';

const [seed, first, count, output, ...features] = process.argv.slice(2);
const require = createRequire(join(import.meta.dirname, '../../../bench/package.json'));
const tool = join(dirname(require.resolve('binaryen/package.json')), 'bin/wasm-opt');
const source = readFileSync(tool, 'utf8').replace(/^#!.*/, '');

let compiled;
const cachedWebAssembly = Object.create(WebAssembly, {
  instantiate: {
    value: async (binary, imports) => {
      compiled ??= await WebAssembly.compile(binary);
      return { module: compiled, instance: await WebAssembly.instantiate(compiled, imports) };
    },
  },
});

// The program is called as a function with what it takes from Node, so that it ends by a rejection and not with the process.
const start = `${source.replace(/createWasm\(\)\.then\(\(\)=>run\(\)\);?\s*$/, 'return createWasm().then(()=>run());')}`;
const program = new Function('process', 'require', 'module', '__filename', '__dirname', 'WebAssembly', 'console', start);

async function wasmOpt(...args) {
  const ownProcess = Object.create(process, {
    argv: { value: [process.argv[0], tool, ...args] },
    exitCode: { value: 0, writable: true },
    exit: { value: code => { throw new Error(`wasm-opt ended with ${code}`); } },
    on: { value() {} },
  });
  const silent = Object.create(console, { log: { value() {} }, error: { value() {} }, warn: { value() {} } });
  await program(ownProcess, require, { exports: {} }, tool, dirname(tool), cachedWebAssembly, silent);
  return ownProcess.exitCode;
}

const input = `${output}.input`;
const single = `${output}.single`;
const archive = openSync(output, 'w');
let failed = 0;
for (let index = Number(first); index < Number(first) + Number(count); index++) {
  const random = new Random(BigInt(seed) * 1_000_003n + BigInt(index));
  // Most modules are small, and some are much larger.
  const size = 200 + random.below(random.below(4) === 0 ? 30_000 : 6_000);
  writeFileSync(input, random.bytes(size));
  // Modules that stay in bounds run longer; passes make code of other shapes.
  const options = [['--no-fuzz-oob'], [], ['--fuzz-passes'], ['--no-fuzz-oob', '-O2']][random.below(4)];
  rmSync(single, { force: true });
  let module = new Uint8Array();
  try {
    await wasmOpt('-ttf', input, '-o', single, ...features, ...options);
    module = readFileSync(single);
  } catch {
    failed++;
  }
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, module.length, true);
  writeSync(archive, length);
  writeSync(archive, module);
}
closeSync(archive);
rmSync(input, { force: true });
rmSync(single, { force: true });
console.log(`${count} inputs, ${failed} without a module`);
