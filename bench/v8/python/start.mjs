// The start of Python, to its first line; from a snapshot if one is named: start [SNAPSHOT].

import { readFileSync } from 'node:fs';
import { load } from '../emscripten/packages.mjs';

const [snapshot] = process.argv.slice(3);
const { loadPyodide } = await load('pyodide/pyodide.mjs');
const python = await loadPyodide(snapshot ? { _loadSnapshot: readFileSync(snapshot) } : {});
python.runPython("print('ready')");
