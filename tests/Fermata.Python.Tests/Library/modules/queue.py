import queue
q = queue.Queue(2); q.put(1); q.put_nowait(2)
q.full(), q.qsize(), q.get(), q.get_nowait(), q.empty(), q.task_done(), q.task_done()
q.task_done()
q.get_nowait()
q.get(timeout=-1)
q.get(timeout=0.01)
p = queue.PriorityQueue(); [p.put(x) for x in (3, 1, 2)]
[p.get() for _ in range(3)], queue.LifoQueue().maxsize
s = queue.SimpleQueue(); s.put('a')
s.get(), s.empty()
s.get(block=False)
q.put(1); q.put(2); q.put(3, block=False)
q.shutdown(immediate=True); q.put(1)
q.get()
