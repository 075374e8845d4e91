namespace Fermata.Python.Interop;

/// <summary>What is written in Python for the host: a module that each interpreter has from its start.</summary>
internal static class Prelude
{
    public const string Name = "_fermata";

    /// <summary>The source of the module.</summary>
    public const string Source =
        """
        import asyncio, contextvars, inspect, math
        from asyncio import CancelledError, current_task
        from pyodide.ffi import run_sync
        from pyodide.webloop import PyodideTask, WebLoop
        from pyodide_js._api import cancelWait, lose, scheduled, unschedule

        def waiting(function):
            "A function that waits for what another one returns."
            return lambda *arguments, **named: run_sync(function(*arguments, **named))

        def resume(generator, method, *arguments):
            "Goes on with a generator: whether it has ended, and what it yields or returns."
            try:
                return False, getattr(generator, method)(*arguments)
            except StopIteration as end:
                return True, end.value

        # The number of the call of the host in which code runs, if that can be cancelled.
        call = contextvars.ContextVar('call', default=0)

        def cancellable(number, function, *arguments):
            "Calls a function, and has what it returns run as a task, if that can be awaited."
            call.set(number)
            result = function(*arguments)
            return asyncio.ensure_future(result) if inspect.isawaitable(result) else result

        def cancel(task):
            "Cancels a task; false if it is in the middle of what no task can be cancelled in."
            if isinstance(task, asyncio.Task) and getattr(task.get_coro(), 'cr_running', False):
                return cancelWait(id(task))
            task.cancel()
            return True

        def when_cancelled(set_result, cancel):
            "Has somebody told when a future is cancelled, given the method that sets its result."
            set_result.__self__.add_done_callback(lambda future: future.cancelled() and cancel())

        def cancel_task(self, msg=None):
            # Where it waits by run_sync, it is not at an await.
            return cancelWait(id(self)) or super(PyodideTask, self).cancel(msg)

        PyodideTask.cancel = cancel_task

        def call_at(self, when, callback, *arguments, context=None):
            # What is late already is due now, and no mistake of whoever asks.
            return self.call_later(max(when - self.time(), 0), callback, *arguments, context=context)

        WebLoop.call_at = call_at

        class Handle(asyncio.Handle):
            "A call after some time, of which nothing is left when it is cancelled."
            __slots__ = ('number',)

            def cancel(self):
                if not self.cancelled():
                    unschedule(self.number)
                super().cancel()

        def call_later(self, delay, callback, *arguments, context=None, schedule=WebLoop.call_later):
            if not 0 < delay < math.inf:
                return schedule(self, delay, callback, *arguments, context=context)
            handle = Handle(callback, arguments, self, context)
            schedule(self, delay, run, handle)
            handle.number = scheduled()
            return handle

        def run(handle):
            # It may have been cancelled when it was about to run.
            if not handle.cancelled():
                handle._run()

        WebLoop.call_later = call_later

        def call_exception_handler(self, context, tell=WebLoop.call_exception_handler):
            # Where a callback has no memory, what it was to go on does not.
            if 'handle' in context and isinstance(context.get('exception'), MemoryError):
                lose()
            tell(self, context)

        WebLoop.call_exception_handler = call_exception_handler
        """;
}
