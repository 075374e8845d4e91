import tarfile, io, os
os.makedirs('/tmp/ta/d', exist_ok=True); open('/tmp/ta/d/f', 'w').write('content')
os.path.lexists('/tmp/ta/d/l') or os.symlink('f', '/tmp/ta/d/l')
def plain(t): t.mtime = 0; t.uid = t.gid = 0; t.uname = t.gname = ''; return t
b = io.BytesIO()
with tarfile.open(fileobj=b, mode='w') as t: t.add('/tmp/ta/d', 'd', filter=plain); i = tarfile.TarInfo('mem' + 'x' * 120); i.size = 3; t.addfile(i, io.BytesIO(b'abc'))
b.seek(0); t = tarfile.open(fileobj=b)
sorted(t.getnames()), t.getmember('d/f').size, t.extractfile('d/f').read(), t.getmember('d/l').issym(), t.getmember('d/l').linkname, t.getmember('d').isdir(), oct(t.getmember('d/f').mode), t.extractfile('d')
t.getmember('nope')
t.extractall('/tmp/ta/out', filter='data'), sorted(os.listdir('/tmp/ta/out/d')), os.readlink('/tmp/ta/out/d/l')
for mode in ('gz', 'bz2', 'xz'):
    c = io.BytesIO()
    with tarfile.open(fileobj=c, mode=f'w:{mode}') as w: w.addfile(tarfile.TarInfo('n'))
    c.seek(0); print(mode, tarfile.open(fileobj=c).getnames())
tarfile.open(fileobj=io.BytesIO(b'not a tar' * 100))
tarfile.open('/tmp/nope.tar')
e = io.BytesIO()
with tarfile.open(fileobj=e, mode='w') as w: w.addfile(tarfile.TarInfo('../evil'))
e.seek(0); tarfile.open(fileobj=e).extractall('/tmp/ta/out', filter='data')
e.seek(0); tarfile.open(fileobj=e).extractall('/tmp/ta/out', filter='tar')
tarfile.is_tarfile(b), tarfile.TarInfo('x').tobuf()[:10], tarfile.open(fileobj=io.BytesIO(b.getvalue()), mode='r|').next().name, tarfile.data_filter(tarfile.TarInfo('/abs'), '/tmp').name
