def trial(f, *a):
    try: return f(*a)
    except BaseException as e: return f'{type(e).__name__}: {e} {e.args}'
[trial(*t) for t in ((int, 'x'), (int, 'z', 37), (float, 'x'), (list, 5), (dict, [1]), (dict, [(1,)]), (set, [[]]), (len, 5), (abs, 'a'), (ord, ''), (chr, -1), (iter, 5), (next, iter([])), (getattr, 1, 'x'), (hash, []), (sum, ['a']), (sorted, [1, 'a']), (open, '/nope'), (bytes, [300]), (bytes, 'a'), (bytearray, -1), (complex, 'x'), (divmod, 1, 0), (pow, 0, -1), (pow, 2, -1, 4), (round, 'a'), (isinstance, 1, 1), (issubclass, 1, int), (super,), (type, 1, 2), (vars, 1), (eval, '1+'), (exec, 'x'), (compile, 'a', 'f', 'bad'), (__import__, 'nope'), (range, 1, 2, 0), (slice,), (memoryview, 1), (zip, 1), (map, 1), (enumerate, 1), (reversed, {1}), (str, b'a', 'x'), (object, 1), (property, 1, 2, 3, 4, 5), (setattr, 1, 'a', 1), (delattr, 1, 'a'), (input, 1, 2), (format, 1, 'zz'), (bin, 'a'), (hex, 1.5), (ascii,), (print, 1, 2) if False else (max, 1), (int, 10, 2), (int, '1' * 5000))]
[trial(lambda s: eval(s, {}), s) for s in ('1/0', '1//0', '1%0', '1.0/0', '0**-1', '[][0]', '{}[1]', '(1,)[5]', '"a"[9]', '1()', 'None.x', '[1]["a"]', '{[]: 1}', '1 + "a"', '"a" + 1', '-"a"', '~1.5', '[1] * "a"', '1 < "a"', '1 in 5', 'a', 'len()', 'len(1, 2)', 'int(x=1)', 'print(q=1)', '(lambda a: a)()', '(lambda a: a)(1, 2)', '(lambda *, a: a)(1)', '(lambda a: a)(b=1)', '(lambda a: a)(1, a=2)', '(lambda: 0)(*5)', '(lambda: 0)(**5)', '(lambda **k: k)(**{1: 2})', '1 << -1', '1 << 10 ** 20', '"%d" % "a"', 'f"{1:q}"', '[x for x in 1]', '"a".join(1)', '"a".encode("x")', '10 ** 10000 * 1.0', '2.0 ** 10000', 'float("inf") // 1', 'int(float("nan"))', 'int(float("inf"))', 'str(10 ** 5000)', '(1).__x__', 'int.mro(1)', '[].remove(1)', '[].index(1)', '[].pop()', '{}.popitem()', 'set().pop()', 'set().remove(1)', '"a".index("b")', '(1, 2) @ 3', 'assert_', 'True.real.q', '().x', 'type.x')]
try: raise ValueError('a', 1) from KeyError('b')
except ValueError as e: x = e, e.__cause__, e.args, e.__traceback__ is not None, str(e), e.__notes__ if hasattr(e, '__notes__') else None
x
def f():
    try: return 'try'
    finally: log.append('finally')
def g():
    for i in range(3):
        try: continue
        finally: log.append(i)
    else: log.append('else')
log = []; f(), g()
log
try:
    try: raise KeyError
    finally: 1 / 0
except ZeroDivisionError as e: x = repr(e.__context__)
x
try: raise ExceptionGroup('g', [ValueError(1), TypeError(2), ExceptionGroup('h', [ValueError(3)])])
except* ValueError as e: x = e
except* TypeError as e: y = e
x, y, x.split(lambda e: e.args == (1,)), x.subgroup(TypeError), x.derive([KeyError()]), x.exceptions, x.message
ExceptionGroup('g', [])
ExceptionGroup('g', [KeyboardInterrupt()])
BaseExceptionGroup('g', [KeyboardInterrupt()])
raise
raise 5
raise ValueError from 5
try: undefined
except NameError as e: x = e.name
x
try: e
except NameError as n: x = str(n)
x
class E(Exception):
    def __init__(self, a, *, b=2): super().__init__(a); self.b = b
    def __str__(self): return f'custom {self.b}'
raise E(1, b=3)
OSError(2, 'text', 'file'), str(OSError(2, 'text', 'file', None, 'other')), OSError(13, 'x').__class__, OSError('x').errno, FileNotFoundError.__mro__[1], UnicodeDecodeError('utf-8', b'\xff', 0, 1, 'why'), SystemExit(3).code, StopIteration(5).value, KeyError('a'), str(KeyError('a')), ImportError('m', name='n').name, AttributeError('m', name='n').name, SyntaxError('m', ('f', 1, 2, 't')).lineno, BaseException.__subclasses__()[0].__name__, Exception().with_traceback(None), repr(Exception('a', 1)), Exception('a') == Exception('a')
def rec(): rec()
rec()
[f'{x:{"x" * 5}}' for x in [1]]
exit_code = None
try: exit(3)
except SystemExit as e: exit_code = e.code
exit_code
assert 1 == 2, 'message'
del undefined_name
import nope.nope
from math import nope
from . import x
bytearray(10 ** 10)
'a' * 10 ** 10
[0] * 10 ** 9
