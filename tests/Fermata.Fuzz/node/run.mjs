// Runs plans in V8. Each line of the standard input names a file with plans, a JSON text a line; for each, a file with
// ".results" added to the name gets the lines that say what happened, as a JSON text a line. Then "done" is printed.
// What the lines say, FermataRun.cs says of Fermata in the same words.

import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

class HostError extends Error {}

/** Objects of the host by number, the same for all modules. */
const hostObjects = Array.from({ length: 16 }, (_, number) => ({ host: number }));

class Run {
  #plan;
  #lines = [];
  #functions = new Map();
  #objects = new Map();
  #tag = new WebAssembly.Tag({ parameters: ['i32'] });
  #exports;

  constructor(plan) {
    this.#plan = plan;
  }

  lines() {
    this.#attempt('instantiate', () => this.#instantiate());
    if (this.#exports) {
      for (const { function: index, arguments: args } of this.#plan.calls)
        this.#attempt(`call ${index}`, () => this.#call(index, args));
      this.#inspect();
    }
    return this.#lines;
  }

  #say(line) {
    this.#lines.push(line);
  }

  #attempt(what, action) {
    try {
      this.#say(`${what}: ${action()}`);
    } catch (error) {
      this.#say(`${what}: ${this.#describeError(error)}`);
    }
  }

  #instantiate() {
    const plan = this.#plan;
    const given = plan.imports.map((planned, number) => this.#makeImport(planned, number));
    if (plan.adapter) {
      const adapter = instantiate(plan.adapter, { host: Object.fromEntries(Object.entries(given)) });
      plan.imports.forEach((planned, number) => given[number] = planned.isAdapted ? adapter.exports[`a${number}`] : given[number]);
    }
    const imports = {};
    plan.imports.forEach((planned, number) => (imports[planned.module] ??= {})[planned.name] ??= given[number]);
    this.#exports = instantiate(plan.module, imports).exports;
    plan.functions.forEach((_, index) => this.#functions.set(this.#exports[`f${index}`], index));
    return 'ok';
  }

  #makeImport(planned, number) {
    const { kind, types, is64, isShared, isMutable, min, max } = planned;
    const size = value => is64 ? BigInt(value) : value;
    switch (kind) {
      case 'Func':
        return (...args) => this.#host(planned, args);
      case 'Global': {
        const value = defaultValue(types[0]);
        return types[0] === 'host' ? value : new WebAssembly.Global({ value: jsType(types[0]), mutable: isMutable }, value);
      }
      case 'Memory':
        return new WebAssembly.Memory({ initial: size(min), maximum: size(max), address: is64 ? 'i64' : 'i32', shared: isShared });
      case 'Table':
        return new WebAssembly.Table({ initial: size(min), maximum: size(max), address: is64 ? 'i64' : 'i32', element: jsType(types[0]) });
      default:
        if (planned.name === 'jstag')
          return WebAssembly.JSTag;
        return planned.name === 'wasmtag' ? this.#tag : new WebAssembly.Tag({ parameters: types.map(jsType) });
    }
  }

  /** A function of the host: what the fuzzer's modules know by name, or one that only says that it was called. */
  #host(planned, args) {
    const action = planned.module === 'fuzzing-support' && this.#actions[planned.name];
    if (action)
      return action(...args);
    this.#say(`${planned.module} ${planned.name} ${this.#describeAll(args)}`);
    const results = planned.types.map(defaultValue);
    return results.length === 1 ? results[0] : results;
  }

  #actions = {
    throw: which => {
      throw which === 0 ? new HostError('thrown by the host') : new WebAssembly.Exception(this.#tag, [which]);
    },
    'table-get': index => this.#table(index, table => table.get(this.#index(index))),
    'table-set': (index, value) => this.#table(index, table => table.set(this.#index(index), value)),
    'call-export': (index, flags) => this.#nested(flags, () => this.#callExport(index)),
    'call-export-catch': index => this.#catching(() => this.#callExport(index)),
    'call-ref': (target, flags) => this.#nested(flags, () => this.#callReference(target)),
    'call-ref-catch': target => this.#catching(() => this.#callReference(target)),
    sleep: (milliseconds, result) => result,
  };

  #table(index, action) {
    const name = this.#plan.fuzzingTable;
    const table = typeof name === 'number' && this.#exports?.[`t${name}`];
    if (!table || (index >>> 0) >= Number(table.length))
      throw new HostError('no such element');
    return action(table);
  }

  #index(index) {
    return this.#plan.tables[this.#plan.fuzzingTable] ? BigInt(index >>> 0) : index >>> 0;
  }

  #callExport(index) {
    const { exports } = this.#plan;
    if (!this.#exports || exports.length === 0)
      throw new HostError('nothing to call');
    this.#callDefault(exports[(index >>> 0) % exports.length]);
  }

  #callReference(target) {
    if (!this.#functions.has(target))
      throw new HostError('nothing to call');
    this.#callDefault(this.#functions.get(target));
  }

  #callDefault(index) {
    const planned = this.#plan.functions[index];
    if (!planned)
      throw new HostError('not callable');
    this.#exports[planned.name](...planned.arguments.map(argument));
  }

  #nested(flags, action) {
    if (flags & 1)
      this.#catching(action);
    else
      action();
  }

  #catching(action) {
    try {
      action();
      return 0;
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError || isResource(error))
        throw error;
      return 1;
    }
  }

  #call(index, args) {
    if (this.#plan.fuel)
      this.#exports.fuel.value = this.#plan.fuel;
    const result = this.#exports[this.#plan.functions[index].name](...args.map(argument));
    return this.#describeResult(result);
  }

  #inspect() {
    const { getters, globals, memories, tables } = this.#plan;
    for (const name of getters)
      this.#attempt(name, () => this.#describeResult(this.#exports[name]()));
    for (const name of globals)
      this.#attempt(name, () => this.#describe(this.#exports[name].value));
    for (let i = 0; i < memories; i++)
      this.#attempt(`m${i}`, () => hash(this.#exports[`m${i}`].buffer));
    tables.forEach((_, i) => this.#attempt(`t${i}`, () => Number(this.#exports[`t${i}`].length)));
  }

  #describeResult(result) {
    return this.#describeAll(result === undefined ? [] : Array.isArray(result) ? result : [result]);
  }

  #describeAll(values) {
    return `[${values.map(value => this.#describe(value)).join(', ')}]`;
  }

  #describe(value) {
    if (value === null)
      return 'null';
    if (typeof value === 'number' || typeof value === 'bigint')
      return String(value);
    if (typeof value === 'function')
      return this.#functions.has(value) ? `func ${this.#functions.get(value)}` : 'func';
    if (hostObjects.includes(value))
      return `host ${value.host}`;
    if (value instanceof Error || value instanceof WebAssembly.Exception)
      return 'error';
    if (typeof value !== 'object')
      return typeof value;
    if (!this.#objects.has(value))
      this.#objects.set(value, this.#objects.size);
    return `object ${this.#objects.get(value)}`;
  }

  #describeError(error) {
    if (isResource(error))
      return 'resource';
    if (error instanceof WebAssembly.RuntimeError)
      return `trap ${error.message}`;
    if (error instanceof WebAssembly.Exception)
      return this.#describeException(error);
    if (error instanceof HostError)
      return 'host error';
    if (error instanceof WebAssembly.CompileError)
      return `invalid ${error.message}`;
    return `error ${error}`;
  }

  #describeException(exception) {
    const index = this.#exports ? this.#plan.tags.findIndex((_, tag) => exception.is(this.#exports[`e${tag}`])) : -1;
    if (index < 0)
      return 'exception of another tag';
    const values = this.#plan.tags[index].map((type, i) => this.#describeCarried(exception, this.#exports[`e${index}`], type, i));
    return `exception ${index} [${values.join(', ')}]`;
  }

  #describeCarried(exception, tag, type, index) {
    if (type === 'v128' || type === 'ref')
      return type;
    const value = exception.getArg(tag, index);
    if (type === 'f32' || type === 'f64')
      return Number.isNaN(value) ? 'nan' : String(new BigInt64Array(new Float64Array([value]).buffer)[0]);
    return this.#describe(value);
  }
}

const instantiate = (bytes, imports) => new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(bytes, 'base64')), imports);

const isResource = error => error instanceof RangeError
  || error instanceof WebAssembly.RuntimeError && /requested new array is too large|out of memory/i.test(error.message);

const argument = planned => typeof planned !== 'string' ? planned
  : planned.startsWith('host ') ? hostObjects[Number(planned.slice(5))] : BigInt(planned);

const jsType = type => type === 'funcref' ? 'anyfunc' : type;

function defaultValue(type) {
  switch (type) {
    case 'i32': case 'f32': case 'f64': return 6;
    case 'i64': return 6n;
    case 'host': return hostObjects[1];
    default: return null;
  }
}

/** The size and a hash of the first 64 pages. */
function hash(buffer) {
  const words = new Int32Array(buffer, 0, Math.min(buffer.byteLength, 1 << 22) / 4);
  let state = 0x811C9DC5 | 0;
  for (let i = 0; i < words.length; i++)
    state = Math.imul(state ^ words[i], 0x01000193) + (state >>> 15) | 0;
  return `${buffer.byteLength} ${state}`;
}

for await (const path of createInterface(process.stdin)) {
  const results = [];
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line)
      results.push(JSON.stringify(new Run(JSON.parse(line)).lines()));
  }
  writeFileSync(`${path}.results`, results.join('\n'));
  console.log('done');
}
