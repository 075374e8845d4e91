import types
from types import *
SimpleNamespace(a=1, b=[2]), SimpleNamespace(a=1) == SimpleNamespace(a=1), MappingProxyType({'a': 1}), MappingProxyType({'a': 1}) | {'b': 2}, new_class('N', (int,), {}, lambda ns: ns.update(x=5)).x, prepare_class('A')[0], resolve_bases((list[int],)), get_original_bases(int), MethodType(len, [1, 2])(), coroutine, NoneType, EllipsisType, GenericAlias(list, int), UnionType, FunctionType.__name__, CellType(5).cell_contents
MappingProxyType({})['a'] = 1
MappingProxyType(5)
SimpleNamespace(1, 2)
def f(a, /, b=1, *c, d=2, **e): return a
f.__code__.co_varnames, f.__code__.co_argcount, f.__code__.co_posonlyargcount, f.__code__.co_kwonlyargcount, f.__defaults__, f.__kwdefaults__, f.__code__.co_flags, f.__code__.replace(co_name='g').co_name, f.__qualname__, f.__module__, f.__closure__
FunctionType(f.__code__, {})(1), ModuleType('m', 'doc').__doc__, ModuleType('m')
FunctionType(1, {})
class DA:
    @DynamicClassAttribute
    def x(self): return 1
DA().x, type('X', (DA,), {'y': 2}).__mro__[1].__name__, type(lambda: 0), type(x for x in []), type(len), type(''.join), type(int.__add__), type(DA.__dict__), type(type.__dict__['__doc__'])
DA.x
type('X', (int, str), {})
type('X', (bool,), {})
type('A', (), {}, k=1)
