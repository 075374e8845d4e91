import copy
x = [1, [2, {'a': (3, [4])}]]
copy.copy(x)[1] is x[1], copy.deepcopy(x) == x, copy.deepcopy(x)[1] is x[1], copy.deepcopy((1, 'a')) , copy.copy({1, 2}), copy.deepcopy(bytearray(b'a'))
x.append(x)
y = copy.deepcopy(x)
y[2] is y
class C:
    def __init__(self): self.a = [1]
    def __copy__(self): return 'copied'
    def __deepcopy__(self, memo): return f'deep {len(memo)}'
copy.copy(C()), copy.deepcopy([C()])
class S:
    __slots__ = 'a', 'b'
s = S(); s.a = [1]
copy.deepcopy(s).a is s.a, copy.copy(s).a is s.a
class R:
    def __reduce__(self): return (list, ((1, 2),))
copy.copy(R()), copy.deepcopy(print) is print, copy.deepcopy(C) is C
copy.copy(x for x in [])
copy.deepcopy(__import__('sys'))
import datetime, decimal
copy.deepcopy(datetime.datetime(2020, 1, 1)), copy.replace(datetime.date(2020, 1, 1), year=2021), copy.deepcopy(decimal.Decimal('1.5'))
copy.replace(1)
