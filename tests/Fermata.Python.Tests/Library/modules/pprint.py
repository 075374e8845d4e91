import pprint, dataclasses, collections, types
data = {'name': 'x' * 30, 'list': list(range(40)), 'nested': {'b': [('a', 1)] * 5, 'a': {'deep': {'deeper': {'deepest': 1}}}}, 'set': {3, 1, 2}, 'bytes': b'abc' * 30}
print(pprint.pformat(data))
print(pprint.pformat(data, width=40, indent=2, compact=True, depth=2, sort_dicts=False, underscore_numbers=True))
pprint.pp([1, 'a', {'z': 1, 'a': 2}])
pprint.pformat(1234567, underscore_numbers=True), pprint.isreadable(data), pprint.isrecursive(data), pprint.saferepr({'b': 1, 'a': 2})
r = [1]; r.append(r)
pprint.isrecursive(r), pprint.pformat(r).startswith('[1, <Recursion on list with id=')
@dataclasses.dataclass
class D: first: list; second: str
print(pprint.pformat(D(list(range(30)), 'text ' * 20), width=50))
print(pprint.pformat([collections.OrderedDict(a=1), collections.Counter('aab'), collections.deque([1]), collections.defaultdict(int, a=1), types.SimpleNamespace(a=1, b='x' * 80), collections.ChainMap({}), frozenset({1}), bytearray(b'q')]))
print(pprint.pformat('word ' * 40, width=30))
pprint.pformat([1], width=0)
