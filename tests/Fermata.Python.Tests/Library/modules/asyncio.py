import asyncio, time
log = []
async def work(n, t=0.0):
    log.append(f'start {n}'); await asyncio.sleep(t); log.append(f'end {n}'); return n
await asyncio.gather(work(1, 0.6), work(2, 0.1), work(3)), log
async def fail(): raise ValueError('failed')
await asyncio.gather(work(1), fail())
await asyncio.gather(work(1), fail(), return_exceptions=True)
await asyncio.wait_for(asyncio.sleep(10), 0.01)
async with asyncio.timeout(0.01): await asyncio.sleep(10)
done, pending = await asyncio.wait([asyncio.ensure_future(work(1)), asyncio.ensure_future(work(2, 5))], return_when=asyncio.FIRST_COMPLETED)
len(done), len(pending), [t.cancel() for t in pending]
t = asyncio.create_task(asyncio.sleep(10), name='sleeper'); await asyncio.sleep(0); t.cancel('why')
await t
t.cancelled(), t.done(), t.get_name()
t.result()
async with asyncio.TaskGroup() as g: a = g.create_task(work('a')); b = g.create_task(work('b'))
a.result(), b.result()
async with asyncio.TaskGroup() as g: g.create_task(fail()); g.create_task(work('x', 5))
q = asyncio.Queue(2)
async def produce():
    for i in range(4): await q.put(i)
    q.shutdown()
async def consume():
    r = []
    try:
        while True: r.append(await q.get())
    except asyncio.QueueShutDown: return r
await asyncio.gather(produce(), consume())
asyncio.Queue().get_nowait()
lock = asyncio.Lock(); event = asyncio.Event(); sem = asyncio.Semaphore(1); cond = asyncio.Condition()
async with lock: locked = lock.locked(), lock
locked
lock.release()
event.set(), await event.wait(), event.is_set(), sem.locked()
async def waiter():
    async with cond: await cond.wait(); return 'notified'
async def notifier():
    await asyncio.sleep(0)
    async with cond: cond.notify_all()
await asyncio.gather(waiter(), notifier())
async def agen():
    try:
        for i in range(3): yield i; await asyncio.sleep(0)
    finally: log.append('closed')
[x async for x in agen()], [x + 1 async for x in agen() if x], {x: 1 async for x in agen()}
g = agen(); await anext(g); await g.aclose()
log[-1]
await anext(g)
await anext(g, 'default')
[await c for c in asyncio.as_completed([work('slow', 0.4), work('fast')])]
f = asyncio.get_running_loop().create_future(); f.set_result(1)
await f, f, f.done()
f.set_result(2)
await asyncio.shield(work('s')), asyncio.iscoroutinefunction(work), asyncio.current_task().get_name() != '', asyncio.isfuture(f)
loop = asyncio.get_running_loop(); ev = asyncio.Event(); loop.call_later(0.01, ev.set); loop.call_soon(log.append, 'soon'); await ev.wait()
log[-1], loop.is_running(), loop.time() > 0
b = asyncio.Barrier(2); await asyncio.gather(b.wait(), b.wait())
async with work(1) as x: pass
async for x in [1]: pass
await 5
await asyncio.to_thread(lambda: 1)
async def cancel_me():
    try: await asyncio.sleep(10)
    except asyncio.CancelledError: log.append('cancel seen'); raise
    finally: log.append('cleanup')
t = asyncio.create_task(cancel_me()); await asyncio.sleep(0); t.cancel(); await asyncio.gather(t, return_exceptions=True)
log[-2:]
r = asyncio.StreamReader(); r.feed_data(b'line\nrest'); r.feed_eof()
await r.readline(), await r.read()
await r.readexactly(1)
await asyncio.create_subprocess_exec('ls')
c = work('never')
c.close(), asyncio.get_event_loop_policy if False else None
p = asyncio.PriorityQueue(); p.put_nowait(3); p.put_nowait(1)
await p.get(), asyncio.LifoQueue().qsize(), asyncio.Runner
