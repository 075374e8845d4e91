// CPython of Pyodide.

import { load, measure, script } from './packages.mjs';

const { loadPyodide } = await load('pyodide/pyodide.mjs');
const python = await loadPyodide();
python.runPython(script('work.py'));

export const round = () => measure(() => python.runPython('work()'));
