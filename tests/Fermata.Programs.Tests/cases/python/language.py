import collections, contextlib, dataclasses, datetime, decimal, enum, fractions, functools, heapq, itertools, math, statistics, sys


@dataclasses.dataclass(order=True)
class Point:
    x: int
    y: int = 0


class Colour(enum.Flag):
    RED = 1
    GREEN = 2


def primes():
    sieve = {}
    for n in itertools.count(2):
        if n not in sieve:
            yield n
        for prime in sieve.pop(n, [n]):
            sieve.setdefault(n + prime, []).append(prime)


class Pause:
    def __await__(self):
        return (yield "paused")


async def worker(name):
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(print, "left", name)
        return name, await Pause()


def recurse(n):
    return recurse(n + 1)


print(sorted([Point(2), Point(1, 5), Point(1)]), Colour.RED | Colour.GREEN, sys.argv)
print(list(itertools.islice(primes(), 20)), math.factorial(40), pow(3, 10**5, 10**9 + 7), (7**20000).bit_length())
print(decimal.Decimal(2).sqrt(), fractions.Fraction(3, 4) + 1, statistics.stdev([1, 2, 4, 8]), math.fsum([0.1] * 10))
print(datetime.datetime(2024, 2, 29) + datetime.timedelta(days=366, seconds=1.5), datetime.date(2026, 1, 1).isocalendar())
print(collections.Counter("mississippi").most_common(2), heapq.nsmallest(2, [5, 1, 4]), functools.reduce(lambda a, b: a * b, range(1, 6)))
with contextlib.suppress(ZeroDivisionError):
    print(1 // 0)
match {"kind": "circle", "r": 2}:
    case {"kind": "circle", "r": r}:
        print(f"circle of {r=}")
coroutine = worker("first")
print(coroutine.send(None))
try:
    coroutine.send("resumed")
except StopIteration as end:
    print(end.value)
try:
    recurse(0)
except RecursionError as error:
    print(error)
try:
    raise ExceptionGroup("several", [ValueError(1), TypeError(2)])
except* ValueError as group:
    print(group.exceptions)
except* TypeError as group:
    print(group.exceptions)
