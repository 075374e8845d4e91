// PostgreSQL of PGlite, which makes its directory of data when it starts.

import { load, measure, script } from './packages.mjs';

const { PGlite } = await load('@electric-sql/pglite/dist/index.js');
const postgres = await PGlite.create();
const statements = script('postgres.sql');

export const round = () => measure(async () => {
  await postgres.exec('DROP TABLE IF EXISTS t, inserted; CREATE TABLE inserted (id int PRIMARY KEY, word text)');
  for (let i = 0; i < 2000; i++) await postgres.exec(`INSERT INTO inserted VALUES (${i}, 'word ${i}')`);
  const results = await postgres.exec(statements, { rowMode: 'array' });
  return Number(results.at(-1).rows[0][0]);
});
