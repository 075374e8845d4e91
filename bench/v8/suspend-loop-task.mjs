// The import returns a promise that is already resolved. JavaScript never runs a reaction at once: it is queued as a microtask,
// WebAssembly is suspended, and the microtask resumes it. This is the least that waiting can cost in JavaScript.

import { expect, instantiate } from './module.mjs';

const times = 1_000_000;
const expected = times * (times + 1) / 2 | 0;
const run = WebAssembly.promising(instantiate('suspend-loop', value => Promise.resolve(value)).run);

export async function round() {
  const start = performance.now();
  const sum = await run(times);
  const milliseconds = performance.now() - start;
  expect(sum, expected);
  return { value: milliseconds * 1e6 / times };
}
