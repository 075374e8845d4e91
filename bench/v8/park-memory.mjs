// Calls 30 activations deep that all wait at once, each for a promise of its own. Memory is what the process has resident,
// after garbage collection both times. The count stays well below that at which the process dies: V8 gives each suspended call a
// native stack of its own, and somewhere between 10,000 and 50,000 of them the system refuses more.

import { expect, instantiate } from './module.mjs';

const calls = 5_000;
const warmUpCalls = 100;
const depth = 30;
const resolvers = [];
const wait = () => {
  const { promise, resolve } = Promise.withResolvers();
  resolvers.push(resolve);
  return promise;
};
const down = WebAssembly.promising(instantiate('deep', wait).down);

export async function round() {
  const warmUp = park(warmUpCalls);
  await finish(warmUp);
  const before = await residentBytes();
  const parked = park(calls);
  const after = await residentBytes();
  await finish(parked);
  return { value: (after - before) / calls };
}

function park(count) {
  const parked = [];
  for (let i = 0; i < count; i++) parked.push(down(depth, 1));
  return parked;
}

async function finish(parked) {
  for (const resolve of resolvers.splice(0)) resolve(1);
  for (const call of parked) expect(await call, depth);
}

async function residentBytes() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  return process.memoryUsage.rss();
}
