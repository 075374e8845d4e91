<?php
// Directories have . and .. here, as under Wasmtime; under Node they do not.
function entries(string $path): array { return array_values(array_diff(scandir($path), ['.', '..'])); }
file_put_contents('/scratch/a.txt', "one\ntwo\n");
file_put_contents('/scratch/a.txt', "three\n", FILE_APPEND);
print_r(file('/scratch/a.txt', FILE_IGNORE_NEW_LINES));
mkdir('/scratch/d');
rename('/scratch/a.txt', '/scratch/d/b.txt');
print_r(entries('/scratch/d'));
var_dump(file_exists('/scratch/a.txt'), filesize('/scratch/d/b.txt'), is_dir('/scratch/d'), @file_get_contents('/scratch/none'));
$handle = fopen('/scratch/d/b.txt', 'r+');
fseek($handle, 4);
echo fgets($handle), ftell($handle), "\n";
ftruncate($handle, 3);
fclose($handle);
unlink('/scratch/d/b.txt');
rmdir('/scratch/d');
var_dump(entries('/scratch'));
echo file_get_contents('/scratch/none');
register_shutdown_function(function () { echo "shutdown\n"; });
undefined_function();
