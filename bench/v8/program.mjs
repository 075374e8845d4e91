// Runs a WASI program: node program.mjs DESCRIPTION, a WasiCommand as JSON.

import { readFileSync } from 'node:fs';
import { WASI } from 'node:wasi';

const { module, directories, arguments: args } = JSON.parse(process.argv[2]);
const compiled = new WebAssembly.Module(readFileSync(module));
const wanted = WebAssembly.Module.imports(compiled);
const wasi = new WASI({ version: 'preview1', args, preopens: directories, returnOnExit: true });
const imports = wasi.getImportObject();
for (const { module, name } of wanted)
  (imports[module] ??= {})[name] ??= () => { throw new Error(`${module}.${name} was called`); };
process.exit(wasi.start(new WebAssembly.Instance(compiled, imports)));
