# Calls a function of the host that is never done at once, and waits for what it returns.
from host import value
from pyodide.ffi import run_sync


def work(times):
    sum = 0
    for i in range(times):
        sum += run_sync(value(i))
    return sum
