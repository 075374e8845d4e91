// Runs every guest program under V8's own JavaScript Promise Integration and compares what it prints
// with the expected.txt beside it. So the programs and the transcripts are known to be right by an
// engine that is not ours.
// Usage: npm run verify [-- [--print] 03 08 ...]

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

if (!WebAssembly.Suspending) throw new Error(`Node ${process.version} has no JSPI. Start this with "npm run verify".`);

// The times of the samples are for people to watch. Order never depends on them.
const speedUp = 20;
const sleep = milliseconds => new Promise(done => setTimeout(done, milliseconds / speedUp));
const suspending = f => new WebAssembly.Suspending(f);

// ---- What the samples' hosts share

let transcript;
const host = line => transcript.push(`host: ${line}`);
const load = file => new WebAssembly.Module(readFileSync(join(import.meta.dirname, file)));

function text(memory, pointer) {
  const bytes = new Uint8Array(memory.buffer, pointer);
  return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
}

/** Instantiates a guest with the log functions of guest.h and `imports`. */
function start(file, imports, others = {}) {
  const { exports } = new WebAssembly.Instance(load(file), {
    env: {
      logString: line => { transcript.push(`wasm: ${text(exports.memory, line)}`); },
      logInt: (label, value) => { transcript.push(`wasm: ${text(exports.memory, label)} ${value}`); },
      ...imports,
    },
    ...others,
  });
  return exports;
}

/** Calls an export as a promising one and prints how it ends. */
async function call(exports, name, ...args) {
  const shown = `${name}(${args.join(', ')})`;
  let pending = true;
  const result = WebAssembly.promising(exports[name])(...args)
    .then(value => `${shown} = ${value}`, error => explain(shown, error))
    .finally(() => { pending = false; });
  // A call that did not wait has ended by the time its promise has been passed on.
  await new Promise(setImmediate);
  if (pending) host(`${shown} is suspended, this thread is free`);
  host(await result);
}

function explain(shown, error) {
  if (error instanceof WebAssembly.SuspendError) return `${shown} cannot be suspended: the host function env.trampoline is in between`;
  // V8 has one message for two kinds of trap. The pointers of these samples are never null.
  if (/signature mismatch/.test(error.message)) return `${shown} trapped: IndirectCallTypeMismatch`;
  throw error;
}

const httpRequest = {
  awaitAsyncHttpRequest: suspending(async request => {
    host(`request ${request} is under way`);
    await sleep(1000);
    host(`response ${request + 1} arrived`);
    return request + 1;
  }),
};

// ---- 02: tasks as references

function sleeps() {
  let running = 0;
  return {
    startSleep: async (milliseconds, value) => {
      host(`sleep of ${milliseconds} ms is started, running now: ${++running}`);
      await sleep(milliseconds);
      running--;
      return value;
    },
    awaitInt: suspending(task => task),
    awaitExternRef: suspending(task => task),
    externRefToInt: value => value,
  };
}

// ---- 03, 04, 05: three calls that interleave

const reentrancy = '03-reentrancy-trouble/reentrancy.wasm';

function gates() {
  const open = [];
  const opened = [1, 2, 3].map(gate => new Promise(done => { open[gate] = done; }));
  return { open: gate => { host(`opens gate ${gate}`); open[gate](); }, waitForGate: suspending(gate => opened[gate - 1]) };
}

async function interleave(exports, open, beforeEntry = () => {}) {
  const enter = (name, gate) => { beforeEntry(); return WebAssembly.promising(exports[name])(gate); };
  const report = async (name, intact) => host(`${name} ${await intact ? 'has' : 'has lost'} its text`);
  const first = enter('first', 1);
  const victim = enter('victim', 2);
  open(1);
  await report('first', first);
  const overwriter = enter('overwriter', 3);
  open(2);
  await report('victim', victim);
  open(3);
  await report('overwriter', overwriter);
}

/** Links the guest with around-wait.wasm, which calls the policy's functions next to each wait. */
async function interleaveWithOwnStacks(policyFor) {
  let guest, top;
  const stack = {
    get pointer() { return guest.__stack_pointer.value; },
    set pointer(value) { guest.__stack_pointer.value = value; },
    unwind() { this.pointer = top; },
    read: from => new Uint8Array(guest.memory.buffer).slice(from, top),
    write: (at, bytes) => new Uint8Array(guest.memory.buffer).set(bytes, at),
  };
  const { open, waitForGate } = gates();
  const { saveStack, restoreStack, beforeEntry } = policyFor(stack);
  const shim = new WebAssembly.Instance(load('04-simple-fix/around-wait.wasm'), { host: { waitForGate, saveStack, restoreStack } });
  guest = start(reentrancy, { waitForGate: shim.exports.waitForGate });
  top = stack.pointer;
  await interleave(guest, open, beforeEntry);
}

// Each call starts at the top of the stack, and takes its slice away while it waits.
const copy = stack => ({
  saveStack() {
    const slice = { pointer: stack.pointer, bytes: stack.read(stack.pointer) };
    stack.unwind();
    return slice;
  },
  restoreStack(slice) {
    stack.write(slice.pointer, slice.bytes);
    stack.pointer = slice.pointer;
  },
});

// The engine's policy of sample 05 in small: a slice stays in place until another call needs the place.
function copyOnConflict(stack) {
  let inPlace;
  const clear = () => {
    if (inPlace) inPlace.bytes = stack.read(inPlace.pointer);
    inPlace = undefined;
  };
  return {
    beforeEntry: clear,
    saveStack() {
      inPlace = { pointer: stack.pointer };
      stack.unwind();
      return inPlace;
    },
    restoreStack(slice) {
      if (slice !== inPlace) { clear(); stack.write(slice.pointer, slice.bytes); }
      inPlace = undefined;
      stack.pointer = slice.pointer;
    },
  };
}

// ---- 10: the part of WASI that printing needs

class Exit extends Error {
  constructor(code) { super(`exit code ${code}`); this.code = code; }
}

function wasi(memory) {
  const view = () => new DataView(memory().buffer);
  const success = 0;
  let line = '';
  return {
    fd_write(file, vectors, count, written) {
      let total = 0;
      for (let i = 0; i < count; i++) {
        const [at, length] = [0, 4].map(field => view().getUint32(vectors + 8 * i + field, true));
        line += new TextDecoder().decode(new Uint8Array(memory().buffer, at, length));
        total += length;
      }
      const lines = line.split('\n');
      line = lines.pop();
      transcript.push(...lines);
      view().setUint32(written, total, true);
      return success;
    },
    // A terminal: file type 2, no rights to seek.
    fd_fdstat_get(file, stat) {
      new Uint8Array(memory().buffer, stat, 24).fill(0);
      view().setUint8(stat, 2);
      return success;
    },
    fd_seek: () => 70, // ESPIPE: not something that has positions
    fd_close: () => success,
    proc_exit(code) { throw new Exit(code); },
  };
}

async function weather() {
  const temperatures = { Oslo: -4, Lisbon: 17, Nairobi: 24, Reykjavik: 2 };
  let memory;
  const exports = start('10-libc/weather.wasm', {
    fetchTemperature: suspending(async city => {
      const name = text(memory, city);
      await sleep(200);
      host(`${name} answers`);
      return temperatures[name];
    }),
  }, { wasi_snapshot_preview1: wasi(() => memory) });
  memory = exports.memory;
  // JavaScript has no exit that WebAssembly cannot catch, so the program runs without cautious.wasm around it.
  await WebAssembly.promising(exports._start)().catch(exit => {
    if (!(exit instanceof Exit)) throw exit;
    host(`the program has ended with exit code ${exit.code}`);
  });
}

// ---- The samples

async function callHandlers(exports, count) {
  for (let index = 0; index < count; index++) await call(exports, 'callHandler', index, 20, 22);
}

const samples = {
  '01-basic': () => call(start('01-basic/basic.wasm', httpRequest), 'fetchAndAddOne', 40),

  '02-separate-await': async () => {
    const exports = start('02-separate-await/separate-await.wasm', sleeps());
    await call(exports, 'addTwo');
    await call(exports, 'addTwoGeneral');
  },

  '03-reentrancy-trouble': async () => {
    const { open, waitForGate } = gates();
    await interleave(start(reentrancy, { waitForGate }), open);
  },
  '04-simple-fix': () => interleaveWithOwnStacks(copy),
  '05-full-fix': () => interleaveWithOwnStacks(copyOnConflict),

  '06-function-pointer-cast': () => callHandlers(start('06-function-pointer-cast/cast.wasm'), 2),

  '07-host-frame': () => {
    const exports = start('07-host-frame/trampoline.wasm', {
      ...httpRequest,
      trampoline(pointer, ...args) {
        const callee = exports.__indirect_function_table.get(pointer);
        host(`trampoline calls a function of ${callee.length} argument${callee.length === 1 ? '' : 's'}`);
        return callee(...args);
      },
    });
    return callHandlers(exports, 3);
  },

  '08-counting-arguments': async () => {
    const counter = new WebAssembly.Instance(load('08-counting-arguments/count-args.wasm'));
    host('the host counts'); // Here another instance does: JavaScript does not tell types.
    await callHandlers(start('08-counting-arguments/counting.wasm', { ...httpRequest, ...counter.exports }), 4);
    host('a module that is merged in counts');
    await callHandlers(start('08-counting-arguments/merged.wasm', httpRequest), 4);
  },

  '09-clang-intrinsic': () => callHandlers(start('09-clang-intrinsic/intrinsic.wasm', httpRequest), 4),

  '10-libc': weather,
};

const print = process.argv.includes('--print');
const wanted = process.argv.slice(2).filter(argument => /^\d/.test(argument));
let failed = 0;
for (const [name, run] of Object.entries(samples)) {
  if (wanted.length && !wanted.some(prefix => name.startsWith(prefix))) continue;
  transcript = [];
  await run();
  const actual = transcript.join('\n') + '\n';
  const same = actual === readFileSync(join(import.meta.dirname, name, 'expected.txt'), 'utf8');
  if (!same) failed++;
  console.log(`${same ? 'ok    ' : 'DIFFER'} ${name}`);
  if (!same || print) console.log(actual);
}
process.exitCode = failed ? 1 : 0;
