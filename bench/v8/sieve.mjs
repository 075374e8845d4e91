// Short loops over a memory.

import { expect, instantiate } from './module.mjs';

const { sieve } = instantiate('sieve');

export function round() {
  const start = performance.now();
  const result = sieve(300);
  const milliseconds = performance.now() - start;
  expect(result, 6542);
  return { value: milliseconds };
}
