from abc import *
class A(ABC):
    @abstractmethod
    def f(self): ...
    @property
    @abstractmethod
    def g(self): ...
    @classmethod
    def __subclasshook__(cls, c): return True if hasattr(c, 'quack') else NotImplemented
A()
class B(A):
    def f(self): return 1
B()
class C(B):
    g = 5
C().f(), sorted(A.__abstractmethods__), isinstance(type('Q', (), {'quack': 1})(), A), issubclass(int, A), A.register(int), issubclass(int, A), isinstance(1, A)
A.register(1)
update_abstractmethods(C) is C, get_cache_token() > 0, type(A)
