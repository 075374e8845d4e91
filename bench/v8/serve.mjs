// Measures one benchmark, a round for each line on standard input, and answers each with a line of JSON.
// Usage: node --expose-gc serve.mjs NAME

import { createInterface } from 'node:readline';

const warmUpMilliseconds = 1000;
const { round, isOneShot } = await import(`./${process.argv[2]}.mjs`);

if (!isOneShot) {
  const start = performance.now();
  do await round(); while (performance.now() - start < warmUpMilliseconds);
}

reply({ engine: `Node ${process.version} (V8 ${process.versions.v8})` });
for await (const _ of createInterface({ input: process.stdin })) reply(isOneShot ? await round() : await measure());

// On a machine that does other things too, processor time is steadier than the clock: that runs on while others have their turn.
async function measure() {
  const processor = process.cpuUsage();
  const start = performance.now();
  const measurement = await round();
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage(processor);
  return { ...measurement, processor: measurement.value * (user + system) / 1000 / milliseconds };
}

function reply(message) {
  console.log(JSON.stringify(message));
}
