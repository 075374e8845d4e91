// Compiles programs: node clang.mjs CLANG, where CLANG is the module of @yowasp/clang. Standard input is a list in JSON of { command, files, output }.

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';

const { Exit, runClang } = await import(pathToFileURL(process.argv[2]));

// The first call would otherwise report in percent how it loads the compiler from node_modules.
await runClang(null, {}, { fetchProgress() {} });

for (const { command, files, output } of JSON.parse(readFileSync(0, 'utf8'))) {
  const sources = Object.fromEntries(files.map(path => [basename(path), readFileSync(path)]));
  const built = await runClang([...command, '-o', 'program.wasm'], sources).catch(failure => {
    throw failure instanceof Exit ? new Error(`failed: ${command.join(' ')}`) : failure;
  });

  // Whoever sees the file sees all of it.
  const temporary = `${output}.${process.pid}`;
  writeFileSync(temporary, built['program.wasm']);
  renameSync(temporary, output);
}
