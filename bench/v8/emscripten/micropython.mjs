// MicroPython.

import { load, measure, pathOf, script } from './packages.mjs';

const folder = '@micropython/micropython-webassembly-pyscript';
const { loadMicroPython } = await load(`${folder}/micropython.mjs`);
const python = await loadMicroPython({ url: pathOf(`${folder}/micropython.wasm`), heapsize: 1 << 20, pystack: 64 << 10 });
python.runPython(script('work.py'));

export const round = () => measure(() => {
  python.runPython('result = work()');
  return python.globals.get('result');
});
