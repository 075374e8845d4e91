<?php
// A function that works for some time, and has a checksum.
class Account
{
    private int $balance = 0;

    public function move(int $amount): int
    {
        return $this->balance += $amount;
    }
}

function work(): int
{
    $accounts = [];
    for ($i = 0; $i < 100; $i++)
        $accounts[] = new Account();
    $checksum = 0;
    for ($i = 0; $i < 20000; $i++)
        $checksum = ($checksum * 31 + $accounts[$i * 7 % 100]->move($i & 15)) & 0xFFFFFF;
    $words = [];
    for ($i = 0; $i < 10000; $i++) {
        $word = 'w' . ($i * $i % 997);
        $words[$word] = ($words[$word] ?? 0) + 1;
    }
    $keys = array_keys($words);
    usort($keys, fn($a, $b) => [$words[$a], $a] <=> [$words[$b], $b]);
    foreach (explode(' ', implode(' ', $keys)) as $part)
        $checksum = ($checksum * 31 + strlen($part) + ord($part[-1])) & 0xFFFFFF;
    $numbers = [];
    for ($i = 0; $i < 5000; $i++)
        $numbers[] = (float)($i % 101);
    for ($step = 0; $step < 5; $step++) {
        $next = [];
        foreach ($numbers as $i => $x)
            $next[] = $x * 0.5 + $numbers[$i > 0 ? $i - 1 : 4999];
        $numbers = $next;
    }
    return ($checksum + (int)array_sum($numbers)) & 0xFFFFFF;
}
