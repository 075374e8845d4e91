import operator
from operator import *
itemgetter(1, 'a')({1: 2, 'a': 3}), itemgetter(slice(2))('abc'), attrgetter('real', 'imag')(1j), attrgetter('__class__.__name__')(1), methodcaller('split', ',', maxsplit=1)('a,b,c')
itemgetter(5)([1])
attrgetter('x')(1)
attrgetter(1)
add(1, 2), concat([1], [2]), contains([1], 1), countOf([1, 1], 1), indexOf('abc', 'c'), floordiv(-7, 2), mod(-7, 3), matmul
iadd([1], [2]), ipow(2, 3), truth([]), not_(0), is_(None, None), index(True), inv(5), lshift(1, 10), length_hint(iter([1, 2])), xor(5, 3)
concat(1, 2)
index(1.0)
matmul(1, 2)
is_none(None), is_not_none(None)
call(int, '5'), setitem, delitem
operator.__add__ is add, repr(itemgetter(1, 2)), repr(methodcaller('a', 1, k=2))
length_hint(1, 'a')
