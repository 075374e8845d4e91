// A script of Python in Pyodide: kernel NAME.

import { load, measure, script } from '../emscripten/packages.mjs';

const { loadPyodide } = await load('pyodide/pyodide.mjs');
const python = await loadPyodide();
python.runPython(script(`python/${process.argv[3]}.py`));
const work = python.globals.get('work');

export const round = () => measure(() => work());
