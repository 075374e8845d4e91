<?php
// Prints that it runs, and then measures a round for each file that it is given.
require __DIR__ . '/work.php';

while (ob_get_level() > 0)
    ob_end_flush();
echo "ready\n";
flush();

// This build cannot read standard input, so it is told by a file.
for ($round = 0;; $round++) {
    while (!file_exists("/prompts/$round")) {
        if (file_exists("/prompts/end"))
            exit(0);
        usleep(1000);
    }

    $start = hrtime(true);
    $result = work();
    printf("{\"value\": %.3f, \"checksum\": %d}\n", (hrtime(true) - $start) / 1e6, $result);
    flush();
}
