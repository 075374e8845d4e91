// Writes a snapshot of Python that has just started: node make-snapshot.mjs FILE.

import { writeFileSync } from 'node:fs';
import { load } from '../emscripten/packages.mjs';

const { loadPyodide } = await load('pyodide/pyodide.mjs');
writeFileSync(process.argv[2], (await loadPyodide({ _makeSnapshot: true })).makeMemorySnapshot());
