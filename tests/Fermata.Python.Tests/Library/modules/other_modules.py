import colorsys, reprlib, stat, linecache, mimetypes, quopri, wave, io, plistlib, netrc, symtable, rlcompleter, cmd, fileinput, filecmp, gettext, getpass, timeit, profile, pstats, trace, bdb, code, codeop, modulefinder, pyclbr, py_compile, compileall, tabnanny, shelve
colorsys.rgb_to_hsv(0.2, 0.4, 0.4), colorsys.hls_to_rgb(0.5, 0.4, 0.3), reprlib.repr(list(range(100))), reprlib.Repr(maxstring=10).repr('a' * 50), stat.filemode(0o100644), stat.S_ISDIR(0o40000), mimetypes.guess_type('a.tar.gz'), mimetypes.guess_extension('text/html'), quopri.encodestring(b'a=\xe9'), plistlib.loads(plistlib.dumps({'a': [1, b'x', True]})), plistlib.dumps({'a': 1}, fmt=plistlib.FMT_BINARY)[:8]
b = io.BytesIO(); w = wave.open(b, 'wb'); w.setparams((1, 2, 8000, 0, 'NONE', '')); w.writeframes(b'\0\1' * 10); w.close(); wave.open(io.BytesIO(b.getvalue())).getparams()
wave.open(io.BytesIO(b'no'))
[s.get_name() for s in symtable.symtable('def f(a): global b; return c', 'f', 'exec').get_children()[0].get_symbols()], codeop.compile_command('if 1:'), codeop.compile_command('1') is not None, rlcompleter.Completer({'abc': 1}).complete('ab', 0), timeit.timeit('1', number=10) >= 0
codeop.compile_command('a b')
with shelve.open('/tmp/shelf') as s: s['a'] = [1]; s['b'] = 2
with shelve.open('/tmp/shelf') as s: x = sorted(s.items())
x
import dbm, dbm.dumb
d = dbm.open('/tmp/dbm', 'c'); d['k'] = b'v'; d.close(); type(dbm.open('/tmp/dbm')).__module__, dbm.open('/tmp/dbm')[b'k']
i = code.InteractiveInterpreter({}); i.runsource('print(1 + 1)'), i.runsource('if 1:')
class Cmd(cmd.Cmd):
    def do_hi(self, a): 'help'; print('hi', a)
Cmd(stdin=io.StringIO('')).onecmd('hi there'), Cmd().onecmd('nope')
import cProfile
p = cProfile.Profile(); p.runcall(sorted, [3, 1]); pstats.Stats(p, stream=io.StringIO()).total_calls > 0
import ctypes, ctypes.util
ctypes.sizeof(ctypes.c_void_p), ctypes.c_int32(2 ** 31).value, ctypes.string_at(ctypes.create_string_buffer(b'abc')), ctypes.cast(ctypes.pointer(ctypes.c_int(5)), ctypes.POINTER(ctypes.c_int))[0], (ctypes.c_int * 3)(1, 2, 3)[:], ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(lambda x: x * 2)(21), ctypes.c_uint8(300).value
class S(ctypes.Structure): _fields_ = [('a', ctypes.c_int), ('b', ctypes.c_double), ('c', ctypes.c_char * 3), ('d', ctypes.c_int, 3)]
s = S(1, 2.5, b'xy', 2); s.a, s.b, s.c, s.d, ctypes.sizeof(S), S.b.offset, bytes(s)[:4], ctypes.addressof(s) > 0, S.from_buffer_copy(bytes(s)).b, ctypes.Union.__name__
ctypes.c_int('a')
f = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))(lambda a, b: a[0] - b[0])
a = (ctypes.c_int * 5)(3, 1, 5, 2, 4); ctypes.pythonapi.qsort(a, 5, 4, f) if hasattr(ctypes.pythonapi, 'qsort') else None; list(a)
ctypes.pythonapi.PyLong_AsLong(ctypes.py_object(42)), ctypes.pythonapi.PyUnicode_FromString.restype
import bdb, pdb, webbrowser, turtle_nope
from compression import zstd
zstd.decompress(zstd.compress(b'abc' * 100)) == b'abc' * 300 or len(zstd.decompress(zstd.compress(b'abc' * 100)))
zstd.decompress(b'no')
import curses
import tkinter
import readline
import ssl
import lib2to3
import resource, pwd, grp, fcntl, termios, mmap, syslog
pwd.getpwuid(0).pw_name
