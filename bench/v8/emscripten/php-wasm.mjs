// PHP of WordPress Playground.

import { load, measure, script } from './packages.mjs';

const { loadPHPRuntime, PHP } = await load('@php-wasm/universal/index.js');
const php = new PHP(await loadPHPRuntime(await load('@php-wasm/node-8-4/jspi/php_8_4.js')));
php.mkdir('/www');
php.writeFile('/www/work.php', script('work.php'));
php.writeFile('/www/index.php', "<?php require 'work.php'; echo work();");
await run();

export const round = () => measure(run);

/** Serves a request. */
async function run() {
  const { text, errors } = await php.run({ scriptPath: '/www/index.php' });
  if (errors) throw new Error(errors);
  return Number(text);
}
