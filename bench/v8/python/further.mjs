// A further interpreter, from a snapshot of an earlier one.

import { load, measure } from '../emscripten/packages.mjs';

const { loadPyodide } = await load('pyodide/pyodide.mjs');
const snapshot = (await loadPyodide({ _makeSnapshot: true })).makeMemorySnapshot();

export const round = () => measure(async () => (await loadPyodide({ _loadSnapshot: snapshot })).runPython('6 * 7'));
