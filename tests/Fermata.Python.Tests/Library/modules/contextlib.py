from contextlib import *
import io, sys
log = []
@contextmanager
def c(x):
    log.append(f'enter {x}')
    try: yield x
    except ValueError as e: log.append(f'caught {e}')
    finally: log.append(f'exit {x}')
with c(1) as v: log.append(v)
with c(2): raise ValueError('v')
with c(3): raise KeyError('k')
log
@contextmanager
def twice():
    yield 1
    yield 2
with twice(): pass
@contextmanager
def none():
    if False: yield
with none(): pass
with suppress(KeyError): {}['a']
with suppress(KeyError): raise ValueError('not suppressed')
with ExitStack() as s:
    s.callback(log.append, 'callback')
    s.enter_context(c(4))
    s.push(lambda *e: log.append(e[0]) or True)
    raise KeyError
log[-4:]
with redirect_stdout(io.StringIO()) as out: print('hidden')
out.getvalue()
with closing(io.StringIO()) as f: pass
f.closed
with nullcontext(5) as n: pass
n
@c('decorated')
def f(): log.append('body')
f(), log[-3:]
class D(ContextDecorator):
    def __enter__(self): log.append('in')
    def __exit__(self, *e): log.append('out'); return True
@D()
def g(): raise ValueError
g(), log[-2:]
with 5: pass
@asynccontextmanager
async def ac():
    yield 'async'
async with ac() as v: log.append(v)
async with AsyncExitStack() as s:
    s.push_async_callback(ac.__wrapped__) if False else log.append('stack')
    log.append(await s.enter_async_context(ac()))
log[-3:]
with ExitStack() as s:
    s.callback(lambda: 1 / 0)
    raise KeyError('first')
import os
with chdir('/tmp'): here = os.getcwd()
here
