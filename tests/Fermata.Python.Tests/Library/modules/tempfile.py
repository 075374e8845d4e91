import tempfile, os
tempfile.gettempdir(), tempfile.gettempprefix()
with tempfile.TemporaryDirectory(prefix='p-') as d: x = os.path.isdir(d), os.path.basename(d)[:2]
x, os.path.exists(d)
with tempfile.NamedTemporaryFile('w+', suffix='.txt') as f:
    f.write('abc'); f.seek(0)
    x = f.read(), f.name.endswith('.txt'), os.path.exists(f.name)
x, os.path.exists(f.name)
with tempfile.TemporaryFile() as f: x = f.write(b'abc'), f.seek(0), f.read(), isinstance(f.name, int)
x
with tempfile.SpooledTemporaryFile(max_size=3) as f: x = f.write(b'ab'), f._rolled, f.write(b'cd'), f._rolled, f.seek(0), f.read()
x
fd, path = tempfile.mkstemp(dir='/tmp', text=True)
os.close(fd), oct(os.stat(path).st_mode & 0o777), os.remove(path)
d = tempfile.mkdtemp()
oct(os.stat(d).st_mode & 0o777), os.rmdir(d), len(os.path.basename(d))
tempfile.mkdtemp(prefix=1)
