// Exceptions that leave some activations before they are caught.

import { expect, instantiate } from './module.mjs';

/** A round of so many exceptions; its value is the nanoseconds for each activation that one leaves. */
export function throwing(name, times, depth) {
  const f = instantiate('throw')[name];
  return () => {
    const start = performance.now();
    const result = f(times, depth);
    const milliseconds = performance.now() - start;
    expect(result, times);
    return { value: milliseconds * 1e6 / times / Math.max(depth, 1) };
  };
}
