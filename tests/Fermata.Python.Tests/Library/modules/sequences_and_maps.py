a = [3, 1, 2]; a.sort(key=lambda x: -x); a.insert(-1, 9); a.extend('x'); a[1:2] = [7, 8]; del a[0]; a += [5]
a, a.index(8), a.count(5), a[::-1], a[-2:], a * 0, a + [], a[5:1], [1, 2] < [1, 2, 0], [[]] * 2, a.copy() == a, a.pop(0), a.reverse(), a, list('abc'), 2 in a, len(a), sorted([True, 0.5, -1])
a[::2] = [1]
a[10] = 1
a['x']
a.sort()
b = [1, 2, 3, 4, 5]; b[1:4:2] = 'xy'; del b[::2]
b, (1,) + (2,), (1, 2, 1).count(1), (), (1,), tuple('ab'), hash((1, 'a')) == hash((1, 'a')), (1, 2)[5:]
(1)[0] if False else None
d = {'b': 1, 'a': 2}; d.update(c=3); d |= {'z': 9}; d.setdefault('q', []).append(1)
d, list(d), d.pop('z'), d.popitem(), d.get('x', 5), d.keys() & {'a'}, d.items() >= {('a', 2)}, list(reversed(d)), {**d, 'a': 0}, dict.fromkeys('ab', 0), dict([(1, 2)], x=3), d == {'c': 3, 'a': 2, 'b': 1}, d | {'n': 1}, {1: 'a', 1.0: 'b', True: 'c'}, len(d.values()), d.keys().mapping['a']
for k in d: d['new'] = 1
for k in d: del d[k]
d.pop('nope')
{[]: 1}
s = {3, 1, 2}
s | {5}, s & {1}, s - {1}, s ^ {1, 9}, s <= {1, 2, 3}, s.isdisjoint({7}), {1} < s, sorted(s.union([8], (9,))), frozenset(s) == s, s.discard(99), len(s), frozenset('a'), {frozenset()}, s.pop() in (1, 2, 3), set('aab') == {'a', 'b'}, {1, True, 1.0}, repr(set())
for x in s: s.add(x + 100)
s | [1]
{{}}
b = bytearray(b'hello'); b[0] = 72; b[1:3] = b'EY'; b.append(33); b.extend([1]); del b[-1]
b, b.find(b'l'), b.replace(b'l', b'LL'), b.split(b'l'), b.decode(), b.hex('-'), bytes.fromhex('00 ff'), b'a' + b, b'ab' * 2, b'abc'[1], b'abc'[1:], b'a' < b'b', b.upper(), b.isalpha(), b.translate(None, b'l'), bytes(3), bytes([1, 2]), b'%d %b %a' % (1, b'x', 'é'), b'a,b'.partition(b','), b'\t'.join([b'x', bytearray(b'y')]), b'ab'.startswith((b'x', b'a')), b'a'.zfill(3), b'Aa'.swapcase(), b.count(108), 108 in b, b.pop(), b.clear(), b
b'a' + 'b'
b'\u20ac' if False else b'abc'.index(b'z')
bytes.fromhex('0')
b'abc'.find(300)
slice(1, 10, 2).indices(5), slice(None), slice(1) == slice(1), range(10)[slice(2, 4)], hash(slice(1)) == hash(slice(1)), range(5).index(3), range(1, 10, 3)[-1], range(3) == range(0, 3, 1), repr(range(1, 2, 3))
range(5).index(9)
