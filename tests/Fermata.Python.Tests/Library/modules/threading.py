import threading, _thread
threading.current_thread().name, threading.main_thread() is threading.current_thread(), threading.active_count(), threading.get_ident() != 0, len(threading.enumerate())
l = threading.Lock(); r = threading.RLock()
l.acquire(), l.locked(), l.acquire(False), l.release(), l.locked(), r.acquire(), r.acquire(), r.release(), r.release()
l.release()
r.release()
threading.Thread(target=print).start()
e = threading.Event(); e.set()
e.wait(), e.is_set(), threading.Semaphore(2).acquire(), threading.Condition().acquire(), threading.local().__dict__, threading.Barrier(1).wait()
threading.BoundedSemaphore(1).release()
x = threading.local(); x.v = 5
x.v, threading.stack_size(), threading.Timer(1, print).interval
import concurrent.futures
f = concurrent.futures.Future(); f.add_done_callback(lambda f: log.append(f.result())); log = []; f.set_result(3)
f.result(), log, f.done(), f, concurrent.futures.wait([f]).done == {f}
f.set_result(1)
concurrent.futures.ThreadPoolExecutor(1).submit(print)
import multiprocessing
multiprocessing.cpu_count()
multiprocessing.Process(target=print).start()
