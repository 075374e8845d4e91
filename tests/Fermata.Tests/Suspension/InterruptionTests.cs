namespace Fermata.Tests.Suspension;

/// <summary>Calls that run and are stopped: for good, or to let others run (JSPI checklist, line 25).</summary>
public sealed class InterruptionTests : IDisposable
{
    private const string Endless = """
        (global $rounds (export "rounds") (mut i64) (i64.const 0))
        (func (export "loop") (param i32) (result i32)
          (loop $again (global.set $rounds (i64.add (global.get $rounds) (i64.const 1))) (br $again)) (unreachable))
        (func (export "empty") (param i32) (result i32) (loop $again (br $again)) (unreachable))
        (func (export "catching") (param i32) (result i32)
          (loop $again
            (block $caught (try_table (catch_all $caught) (loop $inner (br $inner))))
            (br $again))
          (unreachable))
        (func (export "legacy") (param i32) (result i32)
          (loop $again (try (do (loop $inner (br $inner))) (catch_all)) (br $again))
          (unreachable))
        (func $calls (export "calls") (param i32) (result i32)
          (drop (call $calls (i32.add (local.get 0) (i32.const 1))))
          (call $calls (i32.add (local.get 0) (i32.const 1))))
        (func $fib (param i32) (result i32)
          (if (result i32) (i32.lt_u (local.get 0) (i32.const 2)) (then (local.get 0))
            (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
        (func (export "tree") (param i32) (result i32) (call $fib (i32.const 200)))
        (func $tail (export "tail") (param i32) (result i32) (return_call $tail2 (local.get 0)))
        (func $tail2 (param i32) (result i32) (return_call $tail (local.get 0)))
        (func (export "quick") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
        (func (export "waits") (param i32) (result i32) (i32.add (call $wait (local.get 0)) (i32.const 1)))
        """;

    private readonly GatedGuest _guest = new(options: new StoreOptions { TimeSlice = TimeSpan.FromMilliseconds(10) });

    public void Dispose() => _guest.Dispose();

    public static TheoryData<string> EndlessCalls => ["loop", "empty", "catching", "legacy", "tree", "tail"];

    [Theory]
    [MemberData(nameof(EndlessCalls))]
    public async Task ACallThatRunsIsCancelled(string name)
    {
        using var source = new CancellationTokenSource();
        var instance = _guest.Instantiate(Endless);
        var running = Task.Run(() => instance.GetFunction<Func<int, CancellationToken, Task<int>>>(name)(0, source.Token));
        source.CancelAfter(20);
        var failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.InTime());
        Assert.Equal(source.Token, failure.CancellationToken);
        Assert.True(running.IsCanceled);
        Assert.Equal(6, instance.GetFunction<Func<int, int>>("quick")(5));
    }

    /// <summary>Such a function has no place at its entry where it could be suspended.</summary>
    [Fact]
    public void ALongFunctionThatCallsNothingRunsWhenCodeIsAskedToStop()
    {
        var additions = string.Concat(Enumerable.Repeat("local.get 0 i32.const 1 i32.add local.set 0 ", 800));
        var function = _guest.Instantiate($"(func (export \"f\") (param i32) (result i32) {additions} local.get 0)").GetFunction("f");
        _guest.Store.Scheduler.Interrupt();
        Assert.Equal(805, function.Invoke(5)[0]);
    }

    /// <summary>What calls such a function does not look whether it was suspended.</summary>
    [Fact]
    public void AFunctionInPiecesThatCallsNothingElseRunsWhenCodeIsAskedToStop()
    {
        var engine = new Engine(new EngineOptions { SplitEverywhere = true });
        using var store = new Store(engine);
        var linker = new Linker(engine).Define("env", "stop", () => store.Scheduler.Interrupt());
        var additions = string.Concat(Enumerable.Repeat("local.get 0 i32.const 1 i32.add local.set 0 ", 100));
        var instance = linker.Instantiate(store, Module.Parse(engine, $"""
            (import "env" "stop" (func $stop))
            (func $leaf (param i32) (result i32) {additions} local.get 0)
            (func (export "f") (param i32) (result i32) (call $stop) (i32.mul (call $leaf (local.get 0)) (i32.const 2)))
            """));

        Assert.Equal(210, instance.GetFunction("f").Invoke(5)[0]);
    }

    [Theory]
    [MemberData(nameof(EndlessCalls))]
    public async Task ASynchronousCallThatRunsIsCancelled(string name)
    {
        using var source = new CancellationTokenSource();
        var instance = _guest.Instantiate(Endless);
        source.CancelAfter(20);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => instance.GetFunction(name).Invoke([0], source.Token)).InTime());
        Assert.Equal(6, instance.GetFunction<Func<int, int>>("quick")(5));
    }

    [Theory]
    [MemberData(nameof(EndlessCalls))]
    public async Task ACallThatRunsIsCancelledWhereStacksDoNotMoveToo(string name)
    {
        using var source = new CancellationTokenSource();
        using var store = new Store(new Engine(new EngineOptions { MaxStackBytes = 0 }));
        var linker = new Linker(store.Engine).Define("env", "wait", (int value) => Task.FromResult(value));
        var instance = linker.Instantiate(store, Module.Parse(store.Engine, """(import "env" "wait" (func $wait (param i32) (result i32)))""" + Endless));
        source.CancelAfter(20);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => instance.GetFunction(name).Invoke([0], source.Token)).InTime());
        Assert.Equal(6, instance.GetFunction<Func<int, int>>("quick")(5));
    }

    [Fact]
    public async Task ASynchronousDelegateMayTakeAToken()
    {
        using var source = new CancellationTokenSource();
        var instance = _guest.Instantiate(Endless);
        Assert.Equal(6, instance.GetFunction<Func<int, CancellationToken, int>>("quick")(5, source.Token));
        source.CancelAfter(20);
        var failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Task.Run(() => instance.GetFunction<Func<int, CancellationToken, int>>("loop")(0, source.Token)).InTime());
        Assert.Equal(source.Token, failure.CancellationToken);
        Assert.Equal(7, instance.GetFunction<Func<int, int>>("quick")(6));
    }

    [Fact]
    public async Task AStartFunctionIsCancelled()
    {
        using var source = new CancellationTokenSource();
        var module = Module.Parse(_guest.Engine, "(func $start (loop $again (br $again))) (start $start)");
        source.CancelAfter(20);
        var failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Task.Run(() => _guest.Linker.Instantiate(_guest.Store, module, source.Token)).InTime());
        Assert.Equal(source.Token, failure.CancellationToken);
        Assert.Equal(3, _guest.Instantiate(Endless).GetFunction<Func<int, int>>("quick")(2));
    }

    [Fact]
    public void WhatIsCancelledAlreadyDoesNotRun()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var instance = _guest.Instantiate(Endless);
        Assert.ThrowsAny<OperationCanceledException>(() => instance.GetFunction("loop").Invoke([0], source.Token));
        Assert.Equal(0, instance.GetGlobal("rounds").Value.AsI64());
    }

    [Fact]
    public async Task ACancellationGoesThroughHostFramesToTheCallThatItIsFor()
    {
        using var source = new CancellationTokenSource();
        _guest.Linker.Define("env", "back", (Caller caller) => caller.GetFunction("loop").Invoke(0)[0].AsI32());
        var instance = _guest.Instantiate("""
            (import "env" "back" (func $back (result i32)))
            (func (export "loop") (param i32) (result i32) (loop $again (br $again)) (unreachable))
            (func (export "f") (result i32)
              (block $caught (try_table (catch_all $caught) (return (call $back))))
              (i32.const -1))
            """);
        source.CancelAfter(20);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Task.Run(() => instance.GetFunction<Func<CancellationToken, Task<int>>>("f")(source.Token)).InTime());
    }

    [Fact]
    public async Task ABusyCallLetsOthersOfItsStoreRun()
    {
        using var source = new CancellationTokenSource();
        var instance = _guest.Instantiate(Endless);
        var waiting = instance.GetFunction<Func<int, Task<int>>>("waits")(1);
        var busy = Enumerable.Range(0, 3)
            .Select(_ => Task.Run(() => instance.GetFunction<Func<int, CancellationToken, Task<int>>>("loop")(0, source.Token)))
            .ToArray();

        // A suspended call, a new promising call and a synchronous one all get their turn, again and again.
        await Task.Run(() => _guest.Open(1)).InTime();
        Assert.Equal(2, await waiting.InTime());
        for (var i = 0; i < 5; i++)
        {
            var before = instance.GetGlobal("rounds").Value.AsI64();
            Assert.Equal(i + 1, await Task.Run(() => instance.GetFunction<Func<int, Task<int>>>("quick")(i)).InTime());
            Assert.Equal(i + 1, await Task.Run(() => instance.GetFunction<Func<int, int>>("quick")(i)).InTime());
            Assert.All(busy, task => Assert.False(task.IsCompleted));
            while (instance.GetGlobal("rounds").Value.AsI64() == before)
                await Task.Yield();
        }

        await source.CancelAsync();
        foreach (var task in busy)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task.InTime());
    }

    [Fact]
    public async Task ValuesAreKeptFromSliceToSlice()
    {
        // Two calls that take turns in the middle of their loops, with operands, locals of all types and parameters of loops alive.
        const string program = """
            (func (export "f") (param $n i32) (param $r externref) (result i64 f64 externref)
              (local $sum i64) (local $half f64) (local $v v128)
              (i64.const 1000)
              (loop $outer (param i64) (result i64)
                (loop $inner (param i64) (result i64)
                  (i64.add (i64.const 1))
                  (local.set $half (f64.add (local.get $half) (f64.const 0.5)))
                  (local.set $v (i32x4.add (local.get $v) (i32x4.splat (i32.const 1))))
                  (br_if $inner (i32.rem_u (i32x4.extract_lane 3 (local.get $v)) (i32.const 1000))))
                (br_if $outer (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
              (local.get $half) (local.get $r))
            """;
        using var store = new Store(_guest.Engine, new StoreOptions { TimeSlice = TimeSpan.FromMilliseconds(1) });
        var f = new Linker(_guest.Engine).Instantiate(store, Module.Parse(_guest.Engine, program)).GetFunction("f");
        var references = Enumerable.Range(0, 4).Select(_ => new object()).ToArray();
        var tasks = references.Select(reference => Task.Run(() => f.InvokeAsync(20_000, Value.FromRef(reference, ValType.ExternRef)))).ToArray();
        foreach (var (task, reference) in tasks.Zip(references))
        {
            var results = await task.InTime();
            Assert.Equal(20_001_000, results[0].AsI64());
            Assert.Equal(10_000_000, results[1].AsF64());
            Assert.Same(reference, results[2].AsRef());
        }
    }

    [Fact]
    public async Task DisposingAStoreEndsWhatRunsInIt()
    {
        var instance = _guest.Instantiate(Endless);
        var promising = Task.Run(() => instance.GetFunction<Func<int, Task<int>>>("catching")(0));
        while (instance.GetFunction<Func<int, int>>("quick")(1) != 2 || promising.Status < TaskStatus.WaitingForActivation)
            await Task.Yield();
        await Task.Run(_guest.Store.Dispose).InTime();
        await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => promising.InTime());
    }

    [Fact]
    public async Task WithoutTimeSlicesACallRunsUntilItIsSuspended()
    {
        // Others that wait for the turn do not see the state in between.
        using var guest = new GatedGuest();
        using var started = new ManualResetEventSlim();
        guest.Linker.Define("env", "start", started.Set);
        var instance = guest.Instantiate("""
            (import "env" "start" (func $start))
            (global $state (mut i32) (i32.const 0))
            (func (export "compute") (param $n i32)
              (global.set $state (i32.const 1))
              (call $start)
              (loop $more (br_if $more (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
              (global.set $state (i32.const 2)))
            (func (export "state") (result i32) (global.get $state))
            """);
        var compute = Task.Run(() => instance.GetFunction<Func<int, Task>>("compute")(200_000_000));
        started.Wait();
        var promising = Task.Run(() => instance.GetFunction<Func<Task<int>>>("state")());
        var synchronous = Task.Run(() => instance.GetFunction<Func<int>>("state")());
        Assert.Equal(2, await promising.InTime());
        Assert.Equal(2, await synchronous.InTime());
        await compute.InTime();
    }

    [Fact]
    public void ATimeSliceMustBeLongerThanNothing() => Assert.Throws<ArgumentOutOfRangeException>(
        () => new Store(_guest.Engine, new StoreOptions { TimeSlice = TimeSpan.Zero }));
}
