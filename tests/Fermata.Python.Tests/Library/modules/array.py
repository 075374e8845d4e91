from array import array, typecodes
typecodes, array('i', [1, 2, 3]), array('d', [1.5]).itemsize, [array(c).itemsize for c in typecodes if c not in 'w'], array('w', 'é😀'), array('u', 'a')
array('b', [128])
array('B', [-1])
array('i', [1.5])
array('z')
array('i', 'abc')
a = array('h', [1, 2, 3]); a.append(4); a.extend([5]); a.insert(0, -1); a.reverse()
a, a.tolist(), a.tobytes(), a.index(2), a.count(1), a.pop(), a[1:3], a + array('h', [9]), a * 2, a.buffer_info()[1], memoryview(a).format
a.remove(99)
a + array('i')
a[0] = 70000
a.byteswap(); a.frombytes(b'\1\2')
a
a.frombytes(b'\1')
array('f', [1.1, float('inf')]), array('Q', [2 ** 64 - 1]), array('i', [1]) < array('i', [2]), array('i', range(3)) == array('d', [0, 1, 2])
import io
b = io.BytesIO(); array('i', [1, 2]).tofile(b)
array('i', b'\1\0\0\0'), a.typecode, array('B', b'ab').fromlist([1]), array('i').clear() if hasattr(array, 'clear') else None
m = memoryview(array('i', [1, 2, 3, 4]))
m[1:3].tolist(), m.cast('B').nbytes, m.cast('B').cast('i', [2, 2]).tolist(), m[::-1].contiguous, m.shape, m.strides, m.readonly, m.hex()
m.cast('x')
m[10]
memoryview(b'abc')[0] = 1
del m; memoryview(b'abc').release()
x = bytearray(b'abc'); v = memoryview(x); x.append(1)
