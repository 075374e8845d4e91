import functools
from functools import *
calls = []
@lru_cache(maxsize=2)
def f(x):
    calls.append(x)
    return x * 2
f(1), f(1), f(2), f(3), f(1), calls, f.cache_info(), f.cache_parameters()
f.cache_clear(); f([])
@cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
fib(100), fib.cache_info()
p = partial(int, base=2)
p('101'), p, p.func, p.keywords
partial(print, 1, sep='')
partial(pow, Placeholder, 2)(5) if hasattr(functools, 'Placeholder') else None
partial()
reduce(lambda a, b: a * b, [1, 2, 3], 10), reduce(max, [1])
reduce(max, [])
@total_ordering
class N:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return self.n == o.n
    def __lt__(self, o): return self.n < o.n
N(1) <= N(1), N(2) > N(1), N(1) >= N(2)
@total_ordering
class Bad: pass
@wraps(fib)
def wrapper(): 'doc'
wrapper.__name__, wrapper.__wrapped__ is fib
@singledispatch
def show(x): return f'any {x}'
@show.register
def _(x: int): return f'int {x}'
@show.register(list)
def _(x): return f'list {len(x)}'
@show.register
def _(x: str | bytes): return 'text'
show(1), show([1]), show(1.5), show('a'), show(b''), show(True), show.dispatch(bool).__name__, sorted(map(str, show.registry))
show()
class C:
    @cached_property
    def value(self): calls.append('value'); return 42
    @singledispatchmethod
    def m(self, x): return 'any'
    @m.register
    def _(self, x: int): return 'int'
    part = partialmethod(lambda self, a, b: (a, b), 1)
c = C()
c.value, c.value, calls.count('value'), c.__dict__, c.m(1), c.m(''), c.part(2)
sorted([3, 1, 2], key=cmp_to_key(lambda a, b: b - a))
