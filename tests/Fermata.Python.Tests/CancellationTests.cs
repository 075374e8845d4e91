using System.IO.Pipelines;

namespace Fermata.Python.Tests;

/// <summary>Calls that .NET cancels, and tasks of Python's that cancel what .NET does for them.</summary>
public sealed class CancellationTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    /// <summary>Code that goes on for ever, and what it notes of how it ends; <c>started()</c> is when to cancel it.</summary>
    public static TheoryData<string, string> Endless => new()
    {
        { "async def f():\n  started()\n  await asyncio.sleep(60)", "CancelledError" },
        { "async def f():\n  started()\n  await forever()", "CancelledError, host" },
        { "async def f():\n  started()\n  await asyncio.gather(forever(), asyncio.sleep(60))", "CancelledError, host" },
        { "async def f():\n  async with asyncio.TaskGroup() as group:\n    group.create_task(sync_in_task())\n    group.create_task(asyncio.sleep(60))", "CancelledError, host" },
        { "async def f():\n  started()\n  run_sync(forever())", "CancelledError, host" },
        { "async def f():\n  started()\n  while True: pass", "KeyboardInterrupt" },
        { "async def f():\n  async def g():\n    started()\n    while True: pass\n  await asyncio.gather(g())", "CancelledError|KeyboardInterrupt" },
        { "async def f():\n  started()\n  time.sleep(60)", "CancelledError" },
        { "async def f():\n  started()\n  input()", "KeyboardInterrupt" },
        { "async def f():\n  started()\n  waits_for_ever()", "CancelledError, host" },
        { "def f():\n  started()\n  run_sync(forever())", "CancelledError, host" },
        { "def f():\n  run_sync(sync_in_task())", "CancelledError, host" },
        { "def f():\n  started()\n  run_sync(asyncio.sleep(60))", "CancelledError" },
        { "def f():\n  started()\n  time.sleep(60)", "CancelledError" },
        { "def f():\n  started()\n  while True: pass", "KeyboardInterrupt" },
        { "def f():\n  started()\n  input()", "KeyboardInterrupt" },
        { "def f():\n  started()\n  sorted([2, 1], key=lambda x: run_sync(forever()))", "CancelledError, host" },
        { "def f():\n  started()\n  return forever()", "host" },
    };

    [NpmTheory]
    [MemberData(nameof(Endless))]
    public async Task ACallEndsThatIsCancelled(string source, string ends)
    {
        await using var test = await Test.StartAsync();
        test.Python.Run(source);
        using var cancellation = new CancellationTokenSource();
        var call = Task.Run(() => test.Python.Globals["noting"].CallPromisingAsync([test.Python.Globals["f"]], cancellation.Token));
        await test.Started.Task.WaitAsync(Long);
        if (!source.Contains("while True", StringComparison.Ordinal))
            await test.OthersRunAsync();
        await cancellation.CancelAsync();

        var exception = await Assert.ThrowsAsync<OperationCanceledException>(() => call.WaitAsync(Long));

        Assert.Equal(cancellation.Token, exception.CancellationToken);
        Assert.IsType<PythonException>(exception.InnerException);
        if (ends.EndsWith("host", StringComparison.Ordinal))
            await test.HostCancelled.Task.WaitAsync(Long);
        // Where a task computes, that may end, and whoever awaits it hear of that, before the call itself is cancelled.
        Assert.Contains(string.Join(", ", [.. test.Python.Evaluate<string[]>("notes"), .. test.HostCancelled.Task.IsCompleted ? (string[])["host"] : []]), ends.Split('|'));
        Assert.Equal(3, await test.Python.EvaluateAsync<int>("await asyncio.sleep(0.001, 3)").WaitAsync(Long));
    }

    [NpmFact]
    public async Task WhatEndsACallIsNotCancelledAgain()
    {
        await using var test = await Test.StartAsync();
        test.Python.Run(
            """
            async def f():
                started()
                try:
                    await asyncio.sleep(60)
                finally:
                    await asyncio.sleep(0.02)
                    run_sync(asyncio.sleep(0.02))
                    notes.append('clean')
            def g():
                try:
                    started()
                    run_sync(forever())
                except asyncio.CancelledError:
                    run_sync(asyncio.sleep(0.02))
                    return 'caught'
            """);
        using var first = new CancellationTokenSource();
        var call = test.Python.Globals["f"].CallPromisingAsync([], first.Token);
        await test.Started.Task.WaitAsync(Long);
        await test.OthersRunAsync();
        await first.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => call.WaitAsync(Long));
        Assert.Equal(["clean"], test.Python.Evaluate<string[]>("notes"));

        test.Started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var second = new CancellationTokenSource();
        var caught = test.Python.Globals["g"].CallPromisingAsync<string>([], second.Token);
        await test.Started.Task.WaitAsync(Long);
        await test.OthersRunAsync();
        await second.CancelAsync();
        Assert.Equal("caught", await caught.WaitAsync(Long));
    }

    [NpmFact]
    public async Task SourceAndSequencesAreCancelled()
    {
        await using var test = await Test.StartAsync();
        using var cancellation = new CancellationTokenSource();
        var run = test.Python.RunAsync("started()\nawait forever()", cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => run.WaitAsync(Long));
        await Assert.ThrowsAsync<OperationCanceledException>(() => test.Python.EvaluateAsync<int>("1", cancellation.Token));
        Assert.Equal(1, await test.Python.EvaluateAsync<int>("1", new CancellationTokenSource().Token));

        test.Python.Run("async def items():\n  try:\n    yield 1\n    await forever()\n  finally:\n    notes.append('closed')");
        using var between = new CancellationTokenSource();
        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (var item in test.Python.Evaluate<PythonObject>("items()").ItemsAsync(between.Token))
                between.CancelAfter(10);
        });
        Assert.Equal(["closed"], test.Python.Evaluate<string[]>("notes"));
    }

    [NpmTheory]
    [InlineData("async with asyncio.timeout(0.02):\n      await forever()")]
    [InlineData("async with asyncio.timeout(0.02):\n      run_sync(forever())")]
    [InlineData("await asyncio.wait_for(forever(), 0.02)")]
    [InlineData("await asyncio.wait_for(sync_in_task(), 0.02)")]
    public async Task ATimeoutOfPythonCancelsWhatTheHostDoes(string source)
    {
        await using var test = await Test.StartAsync();
        test.Python.Run($"async def f():\n  try:\n    {source}\n  except TimeoutError:\n    await asyncio.sleep(0.001)\n    return 'late'");
        Assert.Equal("late", await test.Python.Globals["f"].CallPromisingAsync<string>().WaitAsync(Long));
        await test.HostCancelled.Task.WaitAsync(Long);
    }

    [NpmFact]
    public async Task OnlyTheCallIsCancelledThatIsMeant()
    {
        await using var test = await Test.StartAsync();
        test.Python.Run("def f(n):\n  for i in range(20): run_sync(asyncio.sleep(0.001))\n  return n\nasync def g(n):\n  for i in range(20): await asyncio.sleep(0.001)\n  return n");
        using var cancellation = new CancellationTokenSource();
        PythonObject[] functions = [test.Python.Globals["f"], test.Python.Globals["g"]];
        var others = Enumerable.Range(0, 20).Select(number => functions[number % 2].CallPromisingAsync<int>([number], new CancellationTokenSource().Token)).ToList();
        var endless = Task.Run(() => test.Python.RunAsync("while True: pass", cancellation.Token));
        await Task.Delay(20);
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => endless.WaitAsync(Long));
        Assert.Equal(Enumerable.Range(0, 20), await Task.WhenAll(others).WaitAsync(Long));
    }

    /// <summary>Each call ends, by itself or cancelled, and the interpreter is usable, whenever that happens.</summary>
    [NpmFact]
    public async Task CallsAreCancelledAtAnyTime()
    {
        await using var test = await Test.StartAsync();
        test.Python.Run(
            """
            def f(n):
                total = 0
                for i in range(300): total += i
                run_sync(soon())
                total += sum(sorted(range(50), key=lambda x: -x))
                time.sleep(0.001)
                return n
            async def g(n):
                for i in range(300): pass
                await soon()
                async with asyncio.TaskGroup() as group:
                    a, b = group.create_task(soon_in_task()), group.create_task(asyncio.sleep(0.001))
                run_sync(soon())
                return n
            async def soon_in_task():
                run_sync(soon())
            """);
        PythonObject[] functions = [test.Python.Globals["f"], test.Python.Globals["g"]];
        var random = new Random(14);
        var (ended, cancelled) = (0, 0);
        for (var round = 0; round < 30; round++)
        {
            var calls = new List<Task>();
            for (var number = 0; number < 10; number++)
            {
                var cancellation = new CancellationTokenSource();
                var call = functions[number % 2].CallPromisingAsync<int>([number], cancellation.Token);
                calls.Add(EndAsync(call, number, cancellation, TimeSpan.FromMicroseconds(random.Next(6000))));
            }

            await Task.WhenAll(calls).WaitAsync(Long);
        }

        Assert.Equal(300, ended + cancelled);
        Assert.True(cancelled > 30, $"{cancelled} were cancelled.");
        Assert.Equal(5, await functions[1].CallPromisingAsync<int>(5).WaitAsync(Long));

        async Task EndAsync(Task<int> call, int number, CancellationTokenSource cancellation, TimeSpan delay)
        {
            await Task.Delay(delay);
            await cancellation.CancelAsync();
            try
            {
                Assert.Equal(number, await call);
                Interlocked.Increment(ref ended);
            }
            catch (OperationCanceledException e) when (e.CancellationToken == cancellation.Token)
            {
                Interlocked.Increment(ref cancelled);
            }
        }
    }

    private sealed class Test : IAsyncDisposable
    {
        private Test()
        {
        }

        public PythonRuntime Python { get; private set; } = null!;

        public TaskCompletionSource Started { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource HostCancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public static async Task<Test> StartAsync()
        {
            var test = new Test();
            var forever = async Task (CancellationToken token) =>
            {
                try
                {
                    await Task.Delay(Timeout.Infinite, token);
                }
                catch (OperationCanceledException)
                {
                    test.HostCancelled.TrySetResult();
                    throw;
                }
            };
            test.Python = await Interpreters.StartAsync(new PythonHost().WithInput(new Pipe().Reader)
                .Expose("started", () => { test.Started.TrySetResult(); })
                .Expose("forever", forever)
                .Expose("waits_for_ever", forever, waits: true)
                .Expose("soon", async (CancellationToken token) => await Task.Delay(1, token)));
            test.Python.Run(
                """
                import asyncio, time
                from pyodide.ffi import run_sync
                from host import forever, soon, started, waits_for_ever
                notes = []
                def noting(f):
                    import inspect
                    async def awaited(result):
                        try:
                            return await result
                        except BaseException as e:
                            notes.append(type(e).__name__)
                            raise
                    try:
                        result = f()
                    except BaseException as e:
                        notes.append(type(e).__name__)
                        raise
                    return awaited(result) if inspect.iscoroutine(result) else result
                async def sync_in_task():
                    started()
                    run_sync(forever())
                """);
            return test;
        }

        /// <summary>Waits until what has started waits, rather than computes on its way there.</summary>
        public async Task OthersRunAsync() => Assert.Equal(2, await Python.EvaluateAsync<int>("1 + 1").WaitAsync(Long));

        public ValueTask DisposeAsync() => Python.DisposeAsync();
    }
}
