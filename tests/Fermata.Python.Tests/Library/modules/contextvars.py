from contextvars import *
import asyncio
v = ContextVar('v', default=1); w = ContextVar('w')
v.get(), w.get('d'), v.name
w.get()
t = v.set(2)
v.get(), t.var is v, t.old_value is Token.MISSING
v.reset(t)
v.reset(t)
v.get()
c = copy_context()
c.run(v.set, 5), c[v], v.get(), v in c, len(c) > 0, c.get(w), list(c.copy().keys()) == list(c.keys())
c.run(c.run, print)
async def task(n):
    v.set(n)
    await asyncio.sleep(0)
    return v.get()
await asyncio.gather(task(1), task(2), asyncio.create_task(task(3)))
v.get()
with v.set(9): inner = v.get()
inner, v.get()
ContextVar(1)
v.reset(w.set(1))
