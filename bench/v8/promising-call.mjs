// A whole call as its caller sees it: a promising call, 30 activations deep, that waits once for a promise that is already
// resolved, and is awaited.

import { expect, instantiate } from './module.mjs';

const calls = 200_000;
const depth = 30;
const down = WebAssembly.promising(instantiate('deep', value => Promise.resolve(value)).down);

export async function round() {
  let sum = 0;
  const start = performance.now();
  for (let i = 0; i < calls; i++) sum += await down(depth, 1);
  const milliseconds = performance.now() - start;
  expect(sum, calls * depth);
  return { value: milliseconds * 1e6 / calls };
}
