// Prints that it runs, and then measures a round for each line that it reads.
import * as std from 'std';

std.loadScript('/bench/work.js');

function say(line) {
  std.out.puts(`${line}\n`);
  std.out.flush();
}

say('ready');
while (std.in.getline() !== null) {
  const start = Date.now();
  const result = work();
  say(JSON.stringify({ value: Date.now() - start, checksum: result }));
}
