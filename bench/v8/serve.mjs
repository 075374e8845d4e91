// Measures one benchmark, a round for each line on standard input, and answers each with a line of JSON.
// Usage: node --expose-gc serve.mjs NAME ARGUMENTS…

import { createInterface } from 'node:readline';

const { round } = await import(`./${process.argv[2]}.mjs`);

console.log('ready');
for await (const _ of createInterface({ input: process.stdin })) console.log(JSON.stringify(await measure()));

// On a machine that does other things too, processor time is steadier than the clock: that runs on while others have their turn.
async function measure() {
  const processor = process.cpuUsage();
  const start = performance.now();
  const measurement = await round();
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage(processor);
  return { ...measurement, processor: measurement.value * (user + system) / 1000 / milliseconds };
}
