import pickle, io, copyreg
class C:
    def __init__(self, x): self.x = x
    def __eq__(self, o): return self.x == o.x
    def __getstate__(self): return {'x': self.x}
import sys, types
m = types.ModuleType('mod_for_pickle'); sys.modules['mod_for_pickle'] = m; C.__module__ = 'mod_for_pickle'; m.C = C
data = [1, 2.5, None, True, 'é', b'b', (1,), {2}, {'a': 1}, frozenset([3]), 10 ** 30, -1, 1j, ..., range(3), slice(1), bytearray(b'x'), C(5), int, len]
[pickle.loads(pickle.dumps(data, p)) == data for p in range(6)], [len(pickle.dumps([1, 'a', {}], p)) for p in range(6)], pickle.dumps({'a': [1]}, 0), pickle.dumps(('x', 2 ** 40, 1.5), 4).hex(), pickle.HIGHEST_PROTOCOL, pickle.DEFAULT_PROTOCOL
pickle.dumps(lambda: 0)
pickle.dumps(x for x in [])
pickle.loads(b'')
pickle.loads(b'x')
pickle.loads(pickle.dumps([1])[:-1])
pickle.loads(b'cnope\nnope\n.')
pickle.dumps(1, 9)
a = []; a.append(a); b = pickle.loads(pickle.dumps(a))
b[0] is b
class P(pickle.Pickler):
    def persistent_id(self, o): return 'id' if o == 'ext' else None
class U(pickle.Unpickler):
    def persistent_load(self, i): return f'loaded {i}'
    def find_class(self, m, n): raise pickle.UnpicklingError(f'forbidden {m}.{n}')
o = io.BytesIO(); P(o).dump(['ext', 1]); o.seek(0)
U(o).load()
U(io.BytesIO(pickle.dumps(C(1)))).load()
bufs = []; s = pickle.dumps(pickle.PickleBuffer(b'abc'), 5, buffer_callback=bufs.append)
pickle.loads(s, buffers=bufs), len(bufs)
copyreg.pickle(complex, lambda c: (complex, (c.real, 9))); x = pickle.loads(pickle.dumps(1j)); del copyreg.dispatch_table[complex]
x
import pickletools
pickletools.dis(pickle.dumps([1, 'a'], 2))
len(pickletools.optimize(pickle.dumps(['a', 'a']))), pickle.loads(b'\x80\x04\x95\x00')
