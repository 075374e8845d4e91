def f(x):
    match x:
        case 0 | 1: return 'small'
        case int(n) if n > 100: return f'big {n}'
        case int(): return 'int'
        case 'a' as s: return s
        case str(): return 'str'
        case [] : return 'empty'
        case [1, *rest]: return rest
        case (a, b, _): return a, b
        case {'k': v, 'n': {'m': m}}: return v, m
        case {'k': v, **r}: return v, r
        case complex(real=r, imag=i): return r, i
        case None: return None
        case P(x=0): return 'x0'
        case P(a, b): return a, b
        case -1.5: return 'neg'
        case _: return 'other'
class P:
    __match_args__ = 'x', 'y'
    def __init__(self, x, y): self.x, self.y = x, y
[f(x) for x in (0, True, 5, 500, 'a', 'b', [], [1, 2, 3], (7, 8, 9), range(2), {'k': 1}, {'k': 1, 'n': {'m': 2}}, {'k': 1, 'z': 3}, {}, 1 + 2j, None, P(0, 1), P(1, 2), -1.5, b'ab', object)]
match P(1, 2):
    case P(1, 2, 3): pass
match 5:
    case int(a, b): pass
match 1:
    case P.z: pass
class B: __match_args__ = 5
match B():
    case B(1): pass
import enum
class K(enum.Enum): A = 1
match K.A:
    case K.A: r = 'enum'
r
match (1, (2, [3, {'x': 4}])):
    case (a, (b, [c, {'x': d}])): r = a + b + c + d
r
