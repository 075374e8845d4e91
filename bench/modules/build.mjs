// Assembles each .wat of this folder. The results are kept in the repository: Fermata and Node must run the same bytes.

import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const folder = import.meta.dirname;
const assembler = join(dirname(createRequire(import.meta.url).resolve('binaryen/package.json')), 'bin', 'wasm-as');

for (const text of readdirSync(folder).filter(name => name.endsWith('.wat'))) {
  execFileSync(process.execPath, [assembler, text, '-g', '-o', text.replace('.wat', '.wasm')], { cwd: folder, stdio: 'inherit' });
}
