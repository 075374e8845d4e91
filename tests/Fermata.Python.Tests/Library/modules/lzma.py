import lzma, io
d = b'hello ' * 500
[(len(lzma.compress(d, format=f)), lzma.decompress(lzma.compress(d, format=f)) == d) for f in (lzma.FORMAT_XZ, lzma.FORMAT_ALONE)], lzma.compress(b'abc', check=lzma.CHECK_CRC32).hex(), lzma.is_check_supported(lzma.CHECK_SHA256)
lzma.decompress(b'xyz')
lzma.decompress(lzma.compress(d)[:-3])
lzma.compress(d, preset=20)
f = [{'id': lzma.FILTER_DELTA, 'dist': 5}, {'id': lzma.FILTER_LZMA2, 'preset': 7}]
lzma.decompress(lzma.compress(d, lzma.FORMAT_RAW, filters=f), lzma.FORMAT_RAW, filters=f) == d
lzma.compress(d, lzma.FORMAT_RAW)
with lzma.open('/tmp/t.xz', 'wt') as o: o.write('a\nb')
lzma.open('/tmp/t.xz', 'rt').readlines()
c = lzma.LZMADecompressor(); c.decompress(lzma.compress(b'x') + b'tail')
c.eof, c.unused_data, c.check
