def g():
    try:
        x = yield 1
        log.append(x)
        yield x * 2
    except ValueError as e: log.append(str(e)); yield 'handled'
    finally: log.append('finally')
    return 'result'
log = []
i = g()
next(i), i.send(5), i.throw(ValueError('thrown')), list(i), log
i = g(); i.send(1)
i = g(); next(i); i.close()
log[-1], i.gi_frame, i.gi_running
next(i)
def d(): r = yield from g(); yield r
list(d())
def bad(): raise StopIteration('x'); yield
list(bad())
def stubborn():
    try: yield
    except GeneratorExit: yield 'no'
s = stubborn(); next(s); s.close()
def self_call(): yield next(me)
me = self_call(); next(me)
(x * 2 for x in range(3)), sum(x for x in range(5)), list(map(lambda *a: a, 'ab', [1, 2])), list(zip()), next(iter([]), 'd'), list(iter(iter([1, 2, 0, 3]).__next__, 0)), [*range(3), *'ab'], [(x, y) for x in range(3) if x for y in range(x)], {k: v for k, v in zip('ab', [1, 2])}, {x % 2 for x in range(5)}
next(5)
for x in 5: pass
a, *b, c = range(5); (d1, (e, f)) = 1, (2, 3)
a, b, c, e, f
a, b = 1
a, b = 1, 2, 3
a, *b, c = [1]
i.throw(ValueError, 'x') if False else None
def ret(): return 5; yield
try: next(ret())
except StopIteration as e: v = e.value
v, list(enumerate('ab', 1)), list(reversed([1, 2])), all([]), any([0, 1]), sorted('bca', reverse=True), max('ab', key=ord), min([], default=3), sum([[1], [2]], []), list(filter(None, [0, 1, ''])), list(range(5, 0, -2)), range(10)[2:5], 5 in range(0, 10, 5), range(0) == range(1, 1), len(range(10 ** 18)) if False else None
len(range(10 ** 18))
max([])
range(1.5)
zip('ab', 'a', strict=True) and list(zip('ab', 'a', strict=True))
