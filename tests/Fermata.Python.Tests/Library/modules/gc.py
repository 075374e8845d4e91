import gc
gc.isenabled(), gc.get_threshold() != (), len(gc.get_count()), gc.is_tracked([]), gc.is_tracked(1), gc.is_tracked('a'), gc.disable(), gc.isenabled(), gc.enable(), gc.get_debug(), len(gc.get_stats()), gc.freeze(), gc.get_freeze_count() > 0, gc.unfreeze()
class D:
    def __del__(self): log.append('del'); saved.append(self)
log = []; saved = []
d = D(); d.me = d; del d
gc.collect() >= 0, log, len(saved), gc.is_finalized(saved[0]), gc.garbage
x = []; y = [x]
gc.get_referents(y) == [x], any(r is y for r in gc.get_referrers(x))
gc.callbacks.append(lambda phase, info: log.append(phase)); collected = gc.collect(); gc.callbacks.clear()
log[-2:]
gc.set_threshold('a')
gc.collect(9)
