// The packages of the programs, which are those of the tests.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = join(import.meta.dirname, '..', '..', '..', 'tests', 'Fermata.Emscripten.Tests', 'npm', 'node_modules');

/** The path of a file of a package. */
export const pathOf = file => join(folder, file);

/** A module of a package. */
export const load = file => import(pathToFileURL(pathOf(file)));

/** A script that programs run, which Fermata gives them, too. */
export const script = file => readFileSync(join(import.meta.dirname, '..', '..', 'programs', file), 'utf8');

/** Does the work, and measures it. */
export async function measure(work) {
  const start = performance.now();
  const checksum = await work();
  return { value: performance.now() - start, checksum };
}
