import zlib
d = b'hello ' * 1000
[(len(zlib.compress(d, l)), zlib.decompress(zlib.compress(d, l)) == d) for l in (0, 1, 6, 9, -1)], zlib.compress(b'abc').hex(), zlib.crc32(b'abc'), zlib.adler32(b'abc'), zlib.crc32(b'c', zlib.crc32(b'ab')), zlib.crc32(b'')
zlib.decompress(b'xyz')
zlib.decompress(zlib.compress(d)[:-5])
zlib.compress(d, 10)
zlib.compress('a')
c = zlib.compressobj(9, zlib.DEFLATED, -15, 8, zlib.Z_DEFAULT_STRATEGY, b'dict'); raw = c.compress(d) + c.flush(zlib.Z_SYNC_FLUSH) + c.flush()
u = zlib.decompressobj(-15, b'dict')
len(raw), u.decompress(raw, 10), len(u.unconsumed_tail) > 0, len(u.decompress(u.unconsumed_tail)), u.eof, u.flush(), u.unused_data
u = zlib.decompressobj(); x = u.decompress(zlib.compress(b'a') + b'rest')
x, u.unused_data, u.eof, zlib.decompress(zlib.compress(b'q', wbits=31), wbits=47), len(zlib.decompress(zlib.compress(d), bufsize=1))
c = zlib.compressobj(); c.compress(b'a'); k = c.copy(); c.compress(b'b')
zlib.decompress(k.flush()), zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, zlib.Z_BEST_SPEED
c.flush(); c.compress(b'x')
