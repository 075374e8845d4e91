class Meta(type):
    def __new__(m, n, b, d, **k): d['made'] = sorted(k); return super().__new__(m, n, b, d)
    def __init__(c, n, b, d, **k): super().__init__(n, b, d)
    def __call__(c, *a): return super().__call__(*a)
    def __getattr__(c, n): return f'meta {n}'
    def __prepare__(n, b, **k): return {'prepared': 1}
class A(metaclass=Meta, x=1):
    def __init_subclass__(cls, **k): subs.append((cls.__name__, k)); super().__init_subclass__()
    def __set_name__(self, o, n): pass
    def f(self): return 'A'
subs = []
class B(A):
    def f(self): return 'B' + super().f()
class C(A):
    def f(self): return 'C' + super().f()
class D(B, C):
    def f(self): return 'D' + super().f()
D().f(), [k.__name__ for k in D.__mro__], A.made, A.anything, A.prepared, subs
class E(A, B): pass
class Desc:
    def __set_name__(self, o, n): self.n = n
    def __get__(self, i, o): return (self.n, i is None)
    def __set__(self, i, v): log.append(v)
    def __delete__(self, i): log.append('del')
class F:
    d = Desc()
    __slots__ = 'a',
    def __getattr__(self, n): return f'missing {n}'
    def __call__(self, *a): return a
    def __getitem__(self, k): return k
    def __class_getitem__(cls, k): return f'class {k}'
    def __contains__(self, x): return x == 1
    def __iter__(self): return iter('it')
    def __len__(self): return 7
    def __bool__(self): return False
    def __eq__(self, o): return NotImplemented
    def __lt__(self, o): return True
    def __add__(self, o): return 'add'
    def __radd__(self, o): return 'radd'
    def __iadd__(self, o): return 'iadd'
    def __neg__(self): return 'neg'
    def __index__(self): return 2
    def __format__(self, s): return f'<{s}>'
    def __repr__(self): return 'F!'
    def __enter__(self): return 'entered'
    def __exit__(self, *e): log.append(e[0]); return True
    def __dir__(self): return ['z', 'a']
    def __hash__(self): return 5
    def __matmul__(self, o): return 'at'
    def __pow__(self, o, m=None): return m
    def __divmod__(self, o): return 'dm'
    def __round__(self, n=0): return n
    def __reversed__(self): return 'rev'
    def __length_hint__(self): return 3
    def __missing__(self, k): return k
    def __instancecheck__(self, i): return True
    def __del__(self): pass
log = []
f = F(); f.d = 5; del f.d
f.d, F.d, log, f.q, f(1, 2), f[1:2, ...], F[int], 1 in f, list(f), len(f), bool(f), f == 1, f < 1, f + 1, 1 + f, -f, [10, 20, 30][f], f'{f:x}', f'{f!r}', dir(f), hash(f), f @ 1, pow(f, 1, 2), divmod(f, 1), round(f, 3), reversed(f), isinstance(1, f), '%s' % f
f += 1
f
g = F()
with g as w: raise KeyError
w, log[-1], hasattr(g, 'a'), F.a
g.nope = 1
del g.a
class P:
    @property
    def x(self): return self._x
    @x.setter
    def x(self, v): self._x = v
    @x.deleter
    def x(self): del self._x
    @staticmethod
    def s(): return 's'
    @classmethod
    def c(cls): return cls.__name__
    __private = 1
p = P(); p.x = 4
p.x, P.s(), p.c(), P.x.fget(p), vars(p), P._P__private, P.__dict__['s'].__func__()
del p.x; p.x
P().y = 1
class RO:
    @property
    def x(self): return 1
RO().x = 2
P.__private
object.__new__(int)
class X: __slots__ = 'a', 'a b'
class Y: __slots__ = ('v',); v = 1
object().x = 1
int.x = 1
class Z(int):
    def __new__(cls, v): return super().__new__(cls, v * 2)
    def __add__(self, o): return Z(int(self) + o)
Z(2), Z(2) + 1, type(Z(1) + 1).__name__, Z.__basicsize__ > 0, Z(3).real
super().x
class Bad:
    def __init__(self): return 5
    def __len__(self): return -1
    def __bool__(self): return 5
    def __str__(self): return 5
    def __hash__(self): return 'a'
    def __iter__(self): return 5
    def __index__(self): return 'a'
Bad()
class Bad2(Bad):
    def __init__(self): pass
len(Bad2())
bool(Bad2())
str(Bad2())
hash(Bad2())
iter(Bad2())
[1][Bad2()]
class G[T]:
    def m[U](self, x: T, y: U) -> T: return x
G[int], G.__type_params__, G[int]().m(1, 2), G.__orig_bases__, G.__doc__, G.__firstlineno__ > 0, G.__static_attributes__
G[int, str]
