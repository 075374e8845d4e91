// SQLite of wa-sqlite.

import { readFileSync } from 'node:fs';
import { load, measure, pathOf, script } from './packages.mjs';

const package_ = '@journeyapps/wa-sqlite';
const { default: factory } = await load(`${package_}/dist/wa-sqlite-jspi.mjs`);
const { Factory } = await load(`${package_}/src/sqlite-api.js`);
const sqlite3 = Factory(await factory({ wasmBinary: readFileSync(pathOf(`${package_}/dist/wa-sqlite-jspi.wasm`)) }));
const database = await sqlite3.open_v2(':memory:');
const statements = script('sqlite.sql');

export const round = () => measure(async () => {
  let checksum;
  await sqlite3.exec(database, statements, row => { checksum = row[0]; });
  return checksum;
});
