// The same under a promising call, in a module whose function could wait for a promise, and never does.

import { expect, instantiate } from './module.mjs';

const fib = WebAssembly.promising(instantiate('fib-suspendable', value => Promise.resolve(value)).fib);

export async function round() {
  const start = performance.now();
  const result = await fib(36);
  const milliseconds = performance.now() - start;
  expect(result, 14930352);
  return { value: milliseconds };
}
