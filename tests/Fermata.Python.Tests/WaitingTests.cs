using System.IO.Pipelines;
using Fermata.Python.Interop;

namespace Fermata.Python.Tests;

/// <summary>Python that waits for tasks of .NET.</summary>
public sealed class WaitingTests
{
    private const string Wait = "from pyodide.ffi import run_sync\nfrom host import load\n";

    [NpmFact]
    public async Task ADirectCallCannotWaitAndAPromisingCallCan()
    {
        await using var python = await StartAsync(suspendsEverywhere: false);
        python.Run(Wait + "def get(url): return run_sync(load(url)).text");
        var get = python.Globals["get"];
        var exception = Assert.Throws<PythonException>(() => get.Call("x"));
        Assert.Equal("RuntimeError", exception.Type);
        Assert.Equal("RuntimeError: Cannot stack switch because the Python entrypoint was a synchronous function. Use CallPromisingAsync instead.", exception.Message);
        Assert.Equal("text of x", await get.CallPromisingAsync<string>("x"));
        Assert.False(python.Evaluate<bool>("from pyodide.ffi import can_run_sync\ncan_run_sync()"));
        Assert.True(await python.EvaluateAsync<bool>("can_run_sync()"));
    }

    /// <summary>The collector walks the frames of all calls, some of which are on parts of the C stack that others use while a call waits; one waits for the system, when it has no thread state.</summary>
    [NpmFact]
    public async Task FramesOfCallsThatWaitAreHiddenFromTheCollector()
    {
        var input = new Pipe();
        var done = new TaskCompletionSource();
        await using var python = await Interpreters.StartAsync(new PythonHost().WithInput(input.Reader).Expose("wait", () => done.Task));
        python.Run(
            """
            import gc
            from pyodide.ffi import run_sync
            from host import wait
            def down(depth, bottom):
                return bottom() if depth == 0 else list(map(lambda rest: down(rest, bottom), [depth - 1]))[0]
            def waits(depth): return down(depth, lambda: input() if depth == 5 else run_sync(wait()))
            def collects(depth):
                kept = []
                for i in range(10):
                    kept.extend([i] for i in range(3000))
                    down(depth + i, lambda: gc.collect(1))
                return depth
            """);
        var waiting = Enumerable.Range(1, 10).Select(depth => python.Globals["waits"].CallPromisingAsync([depth])).ToList();
        var hidden = python.Interpreter.Enter(() => new ThreadFrames(python.Interpreter).Hide(threadState: 0));
        Assert.Empty(hidden);
        Assert.Equal(7, await python.Globals["collects"].CallPromisingAsync<int>(7));
        Assert.All(waiting, static call => Assert.False(call.IsCompleted));
        done.SetResult();
        await input.Writer.WriteAsync("x\n"u8.ToArray());
        await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(5, await python.Globals["collects"].CallPromisingAsync<int>(5));
    }

    /// <summary>Python may keep frames of a call, and walk from there to those that called them, while the call waits and others have its part of the C stack.</summary>
    [NpmFact]
    public async Task FramesOfCallsThatWaitLeadToThoseThatCalledThem()
    {
        const int Calls = 10;
        var input = new Pipe();
        var (done, all, count) = (new TaskCompletionSource(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), 0);
        await using var python = await Interpreters.StartAsync(new PythonHost().WithInput(input.Reader)
            .Expose("wait", () =>
            {
                Arrive();
                return done.Task;
            })
            .Expose("reads", Arrive));
        python.Run(
            """
            import asyncio, faulthandler, gc, inspect, io, sys, traceback
            from pyodide.ffi import run_sync
            from host import reads, wait
            kept = []
            def names(frame):
                found = []
                while frame:
                    found.append(frame.f_code.co_name)
                    str(frame.f_lineno), frame.f_locals.get('depth')
                    frame = frame.f_back
                return found
            def keep():
                try:
                    raise ValueError
                except ValueError as error:
                    frame = sys._getframe(1)
                    kept.append((frame, names(frame), error.__traceback__))
            def generate(depth, bottom):
                keep()
                yield down(depth - 1, bottom)
            class Item:
                def __init__(self, *arguments): self.arguments = arguments
                def __lt__(self, other): return bool(down(*self.arguments))
            def down(depth, bottom):
                keep()
                if depth <= 0: return bottom()
                return (lambda: list(map(lambda rest: down(rest, bottom), [depth - 1]))[0],
                    lambda: next(generate(depth, bottom)),
                    lambda: len(sorted([Item(depth - 1, bottom), Item(depth - 1, bottom)])),
                    lambda: down(depth - 1, bottom))[depth % 4]()
            def waits(depth):
                before = names(sys._getframe())
                result = down(depth, lambda: (reads(), input()) if depth == 5 else run_sync(wait()))
                assert names(sys._getframe()) == before
                return depth
            async def waits_in_task(depth): return waits(depth)
            def attack(depth):
                length = len(kept)
                down(depth, lambda: gc.collect(1))
                del kept[length:]
                for frame, expected, trace in kept:
                    assert names(frame) == expected, (names(frame), expected)
                    assert names(trace.tb_frame)[1:] == expected
                    inspect.getouterframes(frame)
                    traceback.extract_stack(frame)
                    frame.f_trace_opcodes = False
                    try:
                        frame.clear()
                    except RuntimeError: pass
                for task in asyncio.all_tasks():
                    task.print_stack(file=io.StringIO())
                    asyncio.print_call_graph(task, file=io.StringIO())
                sys._current_exceptions()
                assert len(sys._current_frames()) <= 2
                return len(kept)
            """);
        var waiting = Enumerable.Range(1, Calls).Select(depth => python.Globals[depth % 2 == 0 ? "waits_in_task" : "waits"].CallPromisingAsync([depth])).ToList();
        await all.Task.WaitAsync(TimeSpan.FromMinutes(5));
        foreach (var depth in (int[])[2, 30, 60, 5])
            Assert.InRange(await python.Globals["attack"].CallPromisingAsync<int>(depth), 60, 200);
        Assert.All(waiting, static call => Assert.False(call.IsCompleted));
        done.SetResult();
        await input.Writer.WriteAsync("x\n"u8.ToArray());
        await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromMinutes(5));
        python.Run("kept.clear()\ngc.collect()");
        Assert.Equal(0, await python.Globals["attack"].CallPromisingAsync<int>(20));

        void Arrive()
        {
            if (++count == Calls)
                all.SetResult();
        }
    }

    [NpmTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ACallWaitsWhereverItIs(bool suspendsEverywhere)
    {
        await using var python = await StartAsync(suspendsEverywhere);
        python.Run(Wait +
            """

            import functools, sys, types
            def page(x):
                return run_sync(load(x)).text[8:]
            def generate(n):
                for i in range(n):
                    yield page(i)
            class Dynamic:
                def __getattr__(self, name):
                    return page(name)
                def __repr__(self):
                    return page('repr')
                def __enter__(self):
                    return page('enter')
                def __exit__(self, *e):
                    self.left = page('exit')
                    return True
                @property
                def prop(self):
                    return page('property')
            def decorate(f):
                name = page('decorated')
                return lambda: (name, f())
            class Finder:
                def find_spec(self, name, path, target=None):
                    if name == 'waiting_module':
                        from importlib.util import spec_from_loader
                        return spec_from_loader(name, self)
                def create_module(self, spec):
                    return None
                def exec_module(self, module):
                    module.value = page('import')
            sys.meta_path.append(Finder())
            def deep(n):
                return page('deep') if n == 0 else deep(n - 1)
            def everywhere():
                d = Dynamic()
                result = [list(generate(3)), [page(i) for i in 'ab'], {k: page(k) for k in 'c'}, d.anything, repr(d), d.prop,
                    sorted([3, 1, 2], key=lambda x: page(x)), max(['a', 'b'], key=page), list(map(page, 'xy')), functools.reduce(lambda a, b: a + page(b), 'abc')]
                class Body:
                    value = page('body')
                @decorate
                def decorated():
                    return page('inner')
                with d as entered:
                    result.append(entered)
                    raise ValueError
                import waiting_module
                try:
                    page('fail')
                finally:
                    result.append(page('finally'))
                return str(result + [Body.value, decorated(), d.left, waiting_module.value, deep(500)])
            """);
        Assert.Equal(
            "[['0', '1', '2'], ['a', 'b'], {'c': 'c'}, 'anything', 'repr', 'property', [1, 2, 3], 'b', ['x', 'y'], 'abc', 'enter', 'finally', 'body', ('decorated', 'inner'), 'exit', 'import', 'deep']",
            await python.Globals["everywhere"].CallPromisingAsync<string>());
    }

    [NpmFact]
    public async Task AHundredCallsWaitAtOnceEachWithAThreadStateOfItsOwn()
    {
        var (waiting, all) = (0, new TaskCompletionSource());
        await using var python = await Interpreters.StartAsync(new PythonHost().Expose("meet", async Task<int> (int number) =>
        {
            if (Interlocked.Increment(ref waiting) == 100)
                all.SetResult();
            await all.Task;
            return number;
        }));
        python.Run(
            """
            import contextvars
            from pyodide.ffi import run_sync
            from host import meet
            number = contextvars.ContextVar('number')
            def f(n):
                number.set(n)
                try:
                    raise ValueError(n)
                except ValueError as e:
                    met = run_sync(meet(n))
                    import sys
                    return (met, number.get(), sys.exception().args[0])
            """);
        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(number => python.Globals["f"].CallPromisingAsync<int[]>(number)));
        foreach (var (index, result) in results.Index())
            Assert.Equal([index, index, index], result);
    }

    [NpmFact]
    public async Task AnExceptionOfATaskIsRaisedWhereItIsAwaited()
    {
        await using var python = await Interpreters.StartAsync(new PythonHost().Expose("fail", async Task () =>
        {
            await Task.Yield();
            throw new InvalidOperationException("went wrong");
        }));
        python.Run(
            """
            from pyodide.ffi import run_sync, JsException
            from host import fail
            def f():
                run_sync(fail())
            def g():
                try:
                    f()
                except JsException as e:
                    return f'{e.name}: {e.message}'
            """);
        var exception = await Assert.ThrowsAsync<PythonException>(() => python.Globals["f"].CallPromisingAsync());
        Assert.Contains("line 4, in f\n", exception.Traceback, StringComparison.Ordinal);
        Assert.Equal("went wrong", Assert.IsType<InvalidOperationException>(exception.InnerException).Message);
        Assert.Equal("InvalidOperationException: went wrong", await python.Globals["g"].CallPromisingAsync<string>());
    }

    [NpmFact]
    public async Task CoroutinesRunOnAnEventLoop()
    {
        await using var python = await StartAsync(suspendsEverywhere: false);
        var order = await python.EvaluateAsync<int[]>(
            """
            import asyncio, time
            order = []
            async def work(n):
                await asyncio.sleep(2 * ((n + 1) % 3))
                order.append(n)
            await asyncio.gather(*(work(n) for n in range(3)))
            order
            """);
        Assert.Equal([2, 0, 1], order);
        Assert.Equal("text of y", await python.EvaluateAsync<string>("from host import load\n(await load('y')).text"));
        Assert.Equal("late", await python.EvaluateAsync<string>(
            """
            try:
                await asyncio.wait_for(asyncio.sleep(60), 0.01)
            except TimeoutError:
                result = 'late'
            result
            """));
        Assert.Equal(1, await python.EvaluateAsync<int>("future = asyncio.Future()\nasyncio.get_event_loop().call_at(0, future.set_result, 1)\nawait future"));
        python.Run("async def f(x):\n  await asyncio.sleep(0.01)\n  return x + 1");
        Assert.Equal(3, await python.Globals["f"].CallPromisingAsync<int>(2));
    }

    [NpmFact]
    public async Task SleepingHoldsNoThreadAndLetsOthersRun()
    {
        await using var python = await Interpreters.StartAsync();
        python.Run("import time\norder = []\ndef f(n):\n  time.sleep(n / 20)\n  order.append(n)");
        using var cancellation = new CancellationTokenSource();
        var longer = python.Globals["f"].CallPromisingAsync([20_000], cancellation.Token);
        await python.Globals["f"].CallPromisingAsync(1);
        Assert.Equal([1], python.Evaluate<int[]>("order"));
        Assert.False(longer.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => longer);
    }

    [NpmFact]
    public async Task ReadingStandardInputWaitsInManyCalls()
    {
        var pipe = new System.IO.Pipelines.Pipe();
        await using var python = await Interpreters.StartAsync(new PythonHost().WithInput(pipe.Reader).Expose("pause", async Task<int> (int number) =>
        {
            await Task.Yield();
            return number;
        }));
        python.Run("import os\nfrom pyodide.ffi import run_sync\nfrom host import pause\ndef f(n):\n  read = os.read(0, 3)\n  return read.decode() + str(run_sync(pause(n)))");
        Task<string>[] calls = [.. Enumerable.Range(0, 20).Select(number => python.Globals["f"].CallPromisingAsync<string>(number))];
        foreach (var number in Enumerable.Range(0, 20))
        {
            await pipe.Writer.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"{number:000}"));
            await Task.Delay(1);
        }

        var results = await Task.WhenAll(calls);
        Assert.Equal(Enumerable.Range(0, 20).Select(number => $"{number:000}"), results.Select(result => result[..3]).Order());
        Assert.Equal(Enumerable.Range(0, 20).Select(number => $"{number}"), results.Select(result => result[3..]));
    }

    private static Task<PythonRuntime> StartAsync(bool suspendsEverywhere) => Interpreters.StartAsync(
        new PythonHost().WithType<Page>().Expose("load", async Task<Page> (object name) =>
        {
            await Task.Yield();
            return new Page($"text of {name}");
        }),
        suspendsEverywhere: suspendsEverywhere);

    public sealed record Page(string Text);
}
