// A plain synchronous call, of a function that calls itself through a table.

import { expect, instantiate } from './module.mjs';

const { 'fib-indirect': fib } = instantiate('fib-indirect');

export function round() {
  const start = performance.now();
  const result = fib(36);
  const milliseconds = performance.now() - start;
  expect(result, 14930352);
  return { value: milliseconds };
}
