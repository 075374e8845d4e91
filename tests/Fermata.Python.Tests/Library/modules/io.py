import io
s = io.StringIO('a\nb\r\nc', newline=None)
s.readlines(), s.tell(), s.seek(0), s.read(2), s.readline(), s.getvalue(), s.seekable(), s.isatty()
s.write(b'x')
s.seek(-1)
s.fileno()
s.close(); s.read()
b = io.BytesIO(b'hello'); b.seek(2); b.write(b'LP!!')
b.getvalue(), b.seek(-2, 2), b.read(), b.truncate(3), b.getvalue(), bytes(b.getbuffer()), b.readinto(bytearray(2)), b.read1(5)
b.write('x')
v = b.getbuffer(); b.write(b'long enough to grow')
del v
t = io.TextIOWrapper(io.BytesIO('é\r\nü'.encode('latin-1')), encoding='latin-1', newline='')
t.read(), t.encoding, t.errors, t.newlines, t.seek(0), list(t), t.buffer.tell(), repr(t)
io.TextIOWrapper(io.BytesIO(b'\xff'), encoding='utf-8').read()
io.TextIOWrapper(io.BytesIO(b'\xff'), encoding='utf-8', errors='surrogateescape').read()
w = io.BytesIO(); t = io.TextIOWrapper(w, encoding='utf-16', newline='\r\n', write_through=True); t.write('a\nb')
w.getvalue(), t.tell() if False else None, t.detach() is w
t.read()
r = io.BufferedReader(io.BytesIO(b'abcdefgh'), buffer_size=3)
r.peek(1)[:1], r.read(2), r.read1(10), r.readline(), r.tell(), r.raw
io.BufferedReader(io.BytesIO(b''), 0)
p = io.BufferedRWPair(io.BytesIO(b'in'), io.BytesIO())
p.read(), p.write(b'out')
class Raw(io.RawIOBase):
    def readable(self): return True
    def readinto(self, b): b[:3] = b'xyz'; return 3
io.BufferedReader(Raw()).read(7), Raw().read(2), Raw().seekable()
Raw().write(b'')
open('/tmp/io.txt', 'w', encoding='utf-8').write('zeile 1\nzweite ü\n')
with open('/tmp/io.txt', encoding='utf-8') as f: lines = f.readlines(), f.tell(), f.name, f.mode, f.closed
lines, f.closed
with open('/tmp/io.txt', 'r+b') as f: x = f.read(3), f.seek(-3, 2), f.write(b'END'), f.truncate(), f.seek(0), f.read()
x
with open('/tmp/io.txt', 'a+') as f: x = f.tell() > 0, f.write('more'), f.seek(0), f.readline()
x
open('/tmp/io.txt', 'x')
open('/tmp/none', 'r')
open('/tmp', 'r')
open('/tmp/io.txt', 'rw')
open('/tmp/io.txt', 'rb', encoding='utf-8')
open('/tmp/io.txt', 'b')
open('/tmp/a\0b')
open('/tmp/io.txt', 'rt', 0)
open('/tmp/io.txt').write('x')
open(99)
[len(x) for x in open('/tmp/io.txt', 'rb', buffering=0)], io.open_code('/tmp/io.txt').read()[:3], io.text_encoding(None), io.DEFAULT_BUFFER_SIZE
d = io.IncrementalNewlineDecoder(None, translate=True)
d.decode('a\r'), d.decode('\nb'), d.newlines
issubclass(io.StringIO, io.TextIOBase), io.UnsupportedOperation.__mro__, io.SEEK_END
