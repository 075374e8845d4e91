// Runs the scripts of a folder with transcript.py in Pyodide: node pyodide.mjs PACKAGE FOLDER. Standard output is an object in JSON with what they do, by name.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, library] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(folder, 'pyodide.mjs')));
const python = await loadPyodide({ env: { HOME: '/home/pyodide', PYTHONHASHSEED: '0' }, stdout() {}, stderr() {} });
const transcript = python.runPython(readFileSync(join(library, 'transcript.py'), 'utf8'));
const result = {};
for (const file of readdirSync(join(library, 'modules')).sort())
  result[file] = await transcript(file, readFileSync(join(library, 'modules', file), 'utf8'));
process.stdout.write(JSON.stringify(result));
