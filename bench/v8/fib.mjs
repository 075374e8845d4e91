// A plain synchronous call.

import { expect, instantiate } from './module.mjs';

const { fib } = instantiate('fib');

export function round() {
  const start = performance.now();
  const result = fib(36);
  const milliseconds = performance.now() - start;
  expect(result, 14930352);
  return { value: milliseconds };
}
