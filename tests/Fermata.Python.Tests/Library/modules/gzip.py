import gzip, io
z = gzip.compress(b'data' * 100, mtime=0)
z.hex(), gzip.decompress(z) == b'data' * 100, gzip.decompress(z + z)[:4]
gzip.decompress(b'no')
gzip.decompress(z[:-4])
gzip.decompress(z[:-8] + b'\0' * 8)
with gzip.open('/tmp/t.gz', 'wt', encoding='utf-8', compresslevel=1) as f: f.write('zeile\nzwei')
with gzip.open('/tmp/t.gz', 'rt', encoding='utf-8') as f: x = f.readlines()
x
with gzip.GzipFile(fileobj=io.BytesIO(z)) as f: x = f.read(3), f.seek(0), f.peek(2)[:2], f.tell(), f.readline()[:5], f.mtime
x
with gzip.open('/tmp/t.gz', 'ab') as f: f.write(b'!')
gzip.open('/tmp/t.gz').read()
gzip.open('/tmp/t.gz', 'rb', encoding='x')
gzip.open('/tmp/nope.gz')
