import sched, time
log = []
now = [0]
s = sched.scheduler(lambda: now[0], lambda d: now.__setitem__(0, now[0] + d))
s.enter(2, 1, log.append, ('b',)); s.enter(1, 1, log.append, ('a',)); s.enter(2, 0, log.append, ('b0',)); e = s.enterabs(9, 1, log.append, kwargs={}); s.cancel(e)
len(s.queue), s.run(), log, now, s.empty()
s.cancel(e)
real = sched.scheduler(); later = real.enter(0.01, 1, log.append, ('real',)); real.run()
log[-1], real.run(blocking=False)
