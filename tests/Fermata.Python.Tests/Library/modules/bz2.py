import bz2, io
d = b'hello ' * 500
[(len(bz2.compress(d, l)), bz2.decompress(bz2.compress(d, l)) == d) for l in (1, 9)], bz2.compress(b'').hex(), bz2.compress(b'abc').hex()
bz2.decompress(b'xyz')
bz2.decompress(bz2.compress(d)[:-3])
bz2.compress(d, 0)
c = bz2.BZ2Decompressor(); x = c.decompress(bz2.compress(d) + b'tail', max_length=10)
x, c.needs_input, len(c.decompress(b'')), c.eof, c.unused_data
c.decompress(b'x')
with bz2.open('/tmp/t.bz2', 'wt') as f: f.write('a\nb')
bz2.open('/tmp/t.bz2', 'rt').readlines(), bz2.BZ2File(io.BytesIO(bz2.compress(b'1') + bz2.compress(b'2'))).read()
