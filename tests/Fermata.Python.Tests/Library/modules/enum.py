from enum import *
class Color(Enum):
    RED = 1
    GREEN = auto()
    CRIMSON = 1
    def __str__(self): return f'color {self.name}'
Color.RED, str(Color.GREEN), Color(2), Color['RED'], Color.CRIMSON is Color.RED, list(Color), Color.__members__, Color.RED.value, len(Color), Color.RED in Color, 1 in Color, 7 in Color, repr(Color)
Color(9)
Color['X']
Color.RED = 5
Color.RED < Color.GREEN
class More(Color): pass
class Perm(Flag):
    R = auto(); W = auto(); X = auto(); RW = R | W
Perm.R | Perm.X, Perm.RW, ~Perm.R, Perm(0), Perm.R in Perm.RW, list(Perm.RW), bool(Perm(0)), Perm.RW.value, Perm(5), len(Perm.RW), Perm.R ^ Perm.RW
Perm(8)
class IFlag(IntFlag):
    A = 1; B = 2
IFlag(9), IFlag.A | 8, IFlag.A + 1, ~IFlag.A, IFlag.A == 1, f'{IFlag.A}', str(IFlag.A | IFlag.B)
class Num(IntEnum):
    ONE = 1; TWO = 2
Num.ONE < Num.TWO, Num.ONE + 1, f'{Num.ONE}', repr(Num.ONE), [10, 20][Num.ONE], Num.ONE.bit_length()
class S(StrEnum):
    A = auto(); B = 'bee'
S.A, S.B.upper(), f'{S.A}', S('a'), str(S.B)
@unique
class Dup(Enum):
    A = 1; B = 1
@verify(CONTINUOUS)
class Gap(Enum):
    A = 1; C = 3
class Planet(Enum):
    EARTH = (5.97e24, 6.37e6)
    def __init__(self, mass, radius): self.mass = mass
    @property
    def gravity(self): return round(6.67e-11 * self.mass, 3)
    @classmethod
    def _missing_(cls, value): return cls.EARTH
Planet.EARTH.gravity, Planet('x'), Planet.EARTH
Enum('Animal', 'ANT BEE')(2), Enum('A', {'x': 'y'}).x
import pickle, copy
pickle.loads(pickle.dumps(Num.ONE)) if __name__ == 'enum' else None, copy.deepcopy(Color.RED) is Color.RED
class Strict(Flag, boundary=STRICT): A = 1
Strict(2)
class Keep(Flag, boundary=KEEP): A = 1
Keep(6)
class N(Enum):
    x = nonmember(1)
    y = member(2)
N.x, N.y, hasattr(N, 'z'), Color.RED.name, hash(Color.RED) == hash('RED')
