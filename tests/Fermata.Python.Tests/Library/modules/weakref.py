import weakref, gc
class C:
    def m(self): return 'm'
c = C(); r = weakref.ref(c, lambda r: log.append('dead')); log = []
r() is c, weakref.getweakrefcount(c), weakref.proxy(c).m(), r == weakref.ref(c), hash(r) == hash(c)
w = weakref.WeakValueDictionary(a=c); k = weakref.WeakKeyDictionary({c: 1}); s = weakref.WeakSet([c]); m = weakref.WeakMethod(c.m); p = weakref.proxy(c); f = weakref.finalize(c, log.append, 'final')
len(w), len(k), c in s, m()(), f.alive, f.peek()[1].__name__
del c; collected = gc.collect() >= 0
r(), log, len(w), len(k), len(s), m(), f.alive
p.m()
weakref.ref(1)
weakref.ref([])
class Slots: __slots__ = 'a',
weakref.ref(Slots())
weakref.WeakValueDictionary({'a': 1})
class Cycle: pass
a = Cycle(); a.me = a; x = weakref.ref(a); del a
gc.collect() > 0, x()
