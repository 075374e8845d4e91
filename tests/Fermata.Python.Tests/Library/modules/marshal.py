import marshal
data = [1, 2.5, None, True, 'é', b'b', (1,), {2}, {'a': 1}, frozenset([3]), 10 ** 30, 1j, ..., StopIteration]
marshal.loads(marshal.dumps(data)) == data, marshal.version, marshal.dumps([1, 'a']).hex(), eval(marshal.loads(marshal.dumps(compile('1+1', 'f', 'eval'))))
marshal.dumps(object())
marshal.loads(b'')
marshal.loads(b'\xff')
marshal.loads(b'(\1\0\0\0')
