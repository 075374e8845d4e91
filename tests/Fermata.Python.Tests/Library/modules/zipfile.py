import zipfile, io, zlib
b = io.BytesIO()
with zipfile.ZipFile(b, 'w', zipfile.ZIP_DEFLATED, compresslevel=9) as z:
    z.writestr('a.txt', 'hello ' * 100)
    z.writestr(zipfile.ZipInfo('d/b.bin', (2020, 1, 2, 3, 4, 6)), b'\0\1', zipfile.ZIP_STORED)
    z.mkdir('empty')
    z.writestr('bz', b'x' * 50, zipfile.ZIP_BZIP2); z.writestr('xz', b'y' * 50, zipfile.ZIP_LZMA)
    z.comment = b'comment'
    with z.open('stream', 'w') as s: s.write(b'streamed')
z = zipfile.ZipFile(b)
z.namelist(), z.read('a.txt')[:6], z.getinfo('d/b.bin'), z.getinfo('a.txt').compress_size, z.infolist()[1].date_time, z.testzip(), z.comment, z.getinfo('empty/').is_dir(), z.read('bz')[:2], z.read('xz')[:2], z.read('stream'), hex(z.getinfo('a.txt').CRC)
z.read('nope')
z.open('a.txt', pwd=b'x').read(5)
with z.open('a.txt') as f: x = f.read(3), f.seek(10), f.readline()[:4], f.tell()
x
zipfile.ZipFile(io.BytesIO(b'no'))
zipfile.ZipFile('/tmp/nope.zip')
zipfile.is_zipfile(b), zipfile.is_zipfile(io.BytesIO(b'no')), sorted(str(p) for p in zipfile.Path(b).iterdir()), zipfile.Path(b, 'd/b.bin').read_bytes(), (zipfile.Path(b) / 'd').is_dir()
z.extractall('/tmp/zx'), open('/tmp/zx/d/b.bin', 'rb').read()
bad = bytearray(b.getvalue()); bad[40] ^= 255
zipfile.ZipFile(io.BytesIO(bad)).testzip()
with zipfile.ZipFile(io.BytesIO(), 'w') as w: w.writestr('../../evil', 'x'); n = w.namelist()
n
with zipfile.ZipFile(b, 'a') as a: a.writestr('late', 'x')
zipfile.ZipFile(b).namelist()[-1]
zipfile.ZipFile(b, 'q')
z.close(); z.read('a.txt')
