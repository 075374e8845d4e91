from dataclasses import *
from typing import ClassVar
@dataclass(order=True)
class P:
    x: int
    y: list = field(default_factory=list, compare=False, repr=False)
    z: float = 1.5
    count: ClassVar[int] = 0
P(1), P(1) == P(1, [2]), P(1) < P(2), asdict(P(1, [P(2)])), astuple(P(1)), replace(P(1), x=5), [f.name for f in fields(P)], is_dataclass(P), P.__match_args__, P(1).__hash__
P()
P(1) < 5
replace(P(1), q=1)
@dataclass(frozen=True, slots=True, kw_only=True)
class F:
    a: int
    b: InitVar[int] = 3
    c: int = field(init=False, default=0)
    def __post_init__(self, b): object.__setattr__(self, 'c', self.a + b)
F(a=1), F(a=1, b=9).c, hash(F(a=1)) == hash(F(a=1)), F.__slots__
F(1)
f = F(a=1); f.a = 2
del f.a
f.nope = 1
@dataclass
class Bad:
    a: int = 0
    b: int
@dataclass
class Mutable: a: list = []
@dataclass
class Child(P):
    w: int = field(kw_only=True)
Child(1, w=2), [(x.name, x.kw_only) for x in fields(Child)], Child.__init__.__annotations__
make_dataclass('D', [('x', int), ('y', int, 5)])(1), fields(P)[1].default is MISSING
asdict(5)
fields(5)
@dataclass(unsafe_hash=True, eq=False, repr=False)
class H: a: int
hash(H(1)) == hash((1,)), H(1) == H(1)
import copy
copy.replace(P(3), z=0), match_args if False else None
@dataclass
class R:
    me: object = None
r = R(); r.me = r
r
field(default=1, default_factory=int)
