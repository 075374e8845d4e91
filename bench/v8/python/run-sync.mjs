// Python that waits for a function of JavaScript, by run_sync: run-sync TIMES.

import { load, measure, script } from '../emscripten/packages.mjs';

const times = Number(process.argv[3]);
const { loadPyodide } = await load('pyodide/pyodide.mjs');
const python = await loadPyodide();
python.registerJsModule('host', { value: async number => number });
python.runPython(script('python/run_sync.py'));
const work = python.globals.get('work');

export async function round() {
  const { value, checksum } = await measure(() => work.callPromising(times));
  return { value: value * 1000 / times, checksum };
}
