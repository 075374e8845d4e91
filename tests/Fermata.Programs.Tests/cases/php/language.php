<?php
declare(strict_types=1);

enum Suit: string { case Hearts = 'H'; case Spades = 'S'; }

final class Point
{
    public function __construct(public readonly int $x, public readonly int $y = 0) {}
}

function fibonacci(int $count): Generator
{
    [$a, $b] = [0, 1];
    while ($count-- > 0) {
        $sent = yield $a;
        [$a, $b] = [$b, $a + $b + (int) $sent];
    }
    return 'returned';
}

echo PHP_VERSION, ' ', PHP_OS_FAMILY, ' ', PHP_INT_SIZE, "\n";
$numbers = fibonacci(10);
foreach ($numbers as $number) echo $number, ' ';
echo $numbers->getReturn(), "\n";
echo json_encode(['suit' => Suit::from('S'), 'point' => new Point(1), 'float' => 0.1 + 0.2, 'text' => 'naïve'], JSON_PRETTY_PRINT | JSON_UNESCAPED_UNICODE), "\n";
try {
    $point = new Point(1);
    $point->x = 2;
} catch (Error $e) {
    echo get_class($e), ': ', $e->getMessage(), "\n";
} finally {
    echo "finally\n";
}
try {
    strlen(5);
} catch (TypeError $e) {
    echo $e->getMessage(), "\n";
}
echo preg_replace_callback('/(\d+)/', fn (array $m): string => (string) ($m[1] * 2), '3 mice, 4'), ' ', preg_match('/^(?<y>\d{4})-/', '2024-05', $m), ' ', $m['y'], "\n";
echo md5('x'), ' ', hash('sha256', 'x'), ' ', crc32('x'), ' ', base64_encode('abc'), ' ', strlen(random_bytes(5)), "\n";
$list = [3, 1, 2];
usort($list, fn ($a, $b) => $a <=> $b);
echo implode(',', $list), ' ', implode(',', array_map(fn ($x) => $x ** 2, range(1, 5))), ' ', number_format(1234567.891, 2), ' ', str_pad('x', 5, '-', STR_PAD_BOTH), ' ', intdiv(7, 2), ' ', 7 % 3, "\n";
echo match (true) { 5 > 3 => 'match', default => 'none' }, ' ', date('Y-m-d', 86400 * 365), ' ', serialize([1, 'a' => true]), ' ', getenv('GREETING'), "\n";
