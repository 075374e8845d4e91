from collections import *
import collections.abc
Counter('abracadabra').most_common(3)
Counter(a=3, b=1) - Counter(a=1, b=2)
Counter(a=3, b=1) | Counter(a=1, b=2), Counter(a=3, b=1) & Counter(a=1, b=2), +Counter(a=-1, b=2)
sorted(Counter(a=2, b=0).elements())
Counter('aab').total()
c = Counter(a=1); c.update('ab'); c.subtract({'b': 5})
c, c['missing']
Counter(a=1) <= Counter(a=2)
Point = namedtuple('Point', 'x y', defaults=[5])
Point(1), Point(1, 2)._replace(y=9), Point._fields, Point(1)._asdict(), Point._field_defaults
Point()
Point(1)._replace(z=1)
namedtuple('A', 'x class')
namedtuple('A', 'x x')
namedtuple('A', 'x class _y', rename=True)._fields
d = deque([1, 2, 3], maxlen=3)
d.append(4); d.appendleft(0)
d, d.maxlen, d[0], d[-1]
d.rotate(1); d.extendleft('ab')
d
deque('abc').index('z')
deque().pop()
deque([1, 2]) + deque([3]), deque([1]) * 3, deque([1, 2]) < deque([1, 3])
deque(maxlen=-1)
dd = deque([1, 2]); i = iter(dd); dd.append(3)
next(i)
dd.insert(1, 'x'); dd.remove(2); dd.reverse()
dd, dd.count('x'), dd.copy() is dd
d2 = defaultdict(list); d2['a'].append(1)
d2, d2.default_factory, d2.get('z')
defaultdict(None)['x']
defaultdict(1)
o = OrderedDict(a=1, b=2); o.move_to_end('a')
o, o.popitem(last=False), o == {'a': 1}, OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1), list(reversed(OrderedDict(a=1, b=2)))
OrderedDict().popitem()
OrderedDict(a=1) | {'b': 2}
cm = ChainMap({'a': 1}, {'a': 2, 'b': 3})
cm, cm['b'], cm.new_child({'c': 0}).maps, sorted(cm), cm.parents
cm['z']
del cm['b']
UserDict(a=1), UserList([1]) + [2], UserString('ab').upper() + 'c'
isinstance([], collections.abc.MutableSequence), isinstance({}.keys(), collections.abc.Set), issubclass(int, collections.abc.Hashable)
class Sized:
    def __len__(self): return 0
isinstance(Sized(), collections.abc.Sized), isinstance(Sized(), collections.abc.Iterable)
class Sequence(collections.abc.Sequence):
    def __getitem__(self, i): return 'abc'[i]
    def __len__(self): return 3
list(reversed(Sequence())), Sequence().index('b'), 'c' in Sequence(), Sequence().count('a')
class Half(collections.abc.Sequence):
    pass
Half()
