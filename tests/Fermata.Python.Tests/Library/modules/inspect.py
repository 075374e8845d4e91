import inspect
from inspect import *
def f(a: int, /, b=2, *args: str, c, d=4, **kw) -> float:
    """Doc
        string."""
    x = 1
    return a
s = signature(f)
s, list(s.parameters), s.parameters['a'].kind, s.return_annotation, s.bind(1, 2, 3, c=4, z=5).arguments, s.replace(return_annotation=int), str(s.parameters['b']), s.parameters['b'].default
s.bind()
s.bind(1, c=1, a=2) and 1
s.bind(1, q=1)
b = s.bind(1, c=2); b.apply_defaults()
b, b.args, b.kwargs, getfullargspec(f), getdoc(f), cleandoc('a\n    b'), isfunction(f), isbuiltin(len), isclass(int), ismethod(''.join), isgeneratorfunction(f), iscoroutinefunction(f), ismodule(inspect), getmodule(f), isroutine(len), isabstract(int), callable(f)
signature(int), signature(len), signature(dict.get) if False else None
signature(5)
getsource(f)
getsource(int)
class A:
    x = 1
    def m(self): 'doc of m'
    @classmethod
    def c(cls): ...
    @staticmethod
    def s(): ...
    @property
    def p(self): ...
class B(A):
    def m(self): ...
[m for m in getmembers(A) if not m[0].startswith('__')] != [], [(a.name, a.kind) for a in classify_class_attrs(A) if a.name in 'xmcsp'], getmro(B), getdoc(B.m), signature(A().m), signature(A.m), signature(A.c), unwrap(f) is f, getattr_static(A(), 'p'), isdatadescriptor(A.p), getclasstree([A, B])
def g():
    y = 5; frame = currentframe()
    return frame.f_code.co_name, sorted(frame.f_locals), getframeinfo(frame).function, stack()[0].function, frame.f_back.f_code.co_name
g()
def outer():
    v = 1
    def inner(): return v, len, undefined
    return inner
getclosurevars(outer())
def gen(): z = 1; yield z
x = gen(); states = [getgeneratorstate(x)]; next(x); states += [getgeneratorstate(x), getgeneratorlocals(x)]; x.close(); states += [getgeneratorstate(x)]
states
Parameter('a', Parameter.POSITIONAL_ONLY, default=1), Signature([Parameter('x', Parameter.KEYWORD_ONLY)])
Parameter('1', Parameter.VAR_KEYWORD)
Signature([Parameter('a', Parameter.KEYWORD_ONLY), Parameter('b', Parameter.POSITIONAL_ONLY)])
getsource(inspect.cleandoc)[:30], getfile(inspect).startswith('/lib/python314.zip/inspect.py'), getmodulename('/a/b.py'), indentsize('  x'), formatannotation(int), currentframe() is not None, inspect.trace()
