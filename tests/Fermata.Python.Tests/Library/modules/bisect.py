from bisect import *
[bisect_left([1, 2, 2, 3], x) for x in range(5)], [bisect_right([1, 2, 2, 3], x) for x in range(5)], bisect([1, 3], 2, 1), bisect_left(['a', 'BB'], 2, key=len)
x = [1, 3]; insort(x, 2); insort_left(x, 2.0); insort(x, 0, key=lambda v: v)
x
bisect([1, 2], 'a')
bisect([1], 1, -1)
bisect([1], 1, 0, 5)
bisect(range(10 ** 12), 123456789)
