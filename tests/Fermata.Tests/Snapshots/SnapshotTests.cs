using System.Runtime.Intrinsics;

namespace Fermata.Tests.Snapshots;

public sealed class SnapshotTests
{
    /// <summary>The sum of what the waits at each depth give, each twice, with a vector and a float live across them.</summary>
    private const string Recursion =
        """
        (import "env" "wait" (func $wait (param i32) (result i32)))
        (memory (export "memory") 1)
        (func $sum (export "sum") (param $n i32) (result i64)
          (local $v v128) (local $f f64)
          (if (i32.eqz (local.get $n)) (then (return (i64.const 0))))
          (local.set $v (i64x2.splat (i64.extend_i32_u (local.get $n))))
          (local.set $f (f64.convert_i32_u (local.get $n)))
          (i64.add
            (i64.add (call $sum (i32.sub (local.get $n) (i32.const 1))) (i64.extend_i32_u (call $wait (local.get $n))))
            (i64.add (i64x2.extract_lane 1 (local.get $v)) (i64.trunc_f64_u (local.get $f)))))
        """;

    private static readonly Dictionary<string, EngineOptions> Options = new()
    {
        ["default"] = new(),
        ["suspend"] = new() { SuspendEverywhere = true },
        ["split"] = new() { SplitEverywhere = true },
        ["bare"] = new() { MaxStackBytes = 0, IsInterruptible = false },
        ["fuel"] = new() { UsesFuel = true },
    };

    [Theory]
    [InlineData("default")]
    [InlineData("suspend")]
    [InlineData("split")]
    [InlineData("bare")]
    [InlineData("fuel")]
    public async Task ACallGoesOnInAnotherStoreFromTheMiddleOfItsStack(string kind)
    {
        var options = Options[kind];
        var guest = new SnapshotGuest(Recursion, options);
        guest.Store.Fuel = 1_000_000;
        _ = guest.Call("sum", 20);
        for (var n = 1; n <= 20; n++)
        {
            Assert.Equal(n, (await guest.NextWaitAsync()).Argument);
            var copy = guest.Copy();
            guest.Dispose();
            guest = copy;
            var call = guest.Restored!.Call("sum");
            Assert.Equal("env.wait", call.Pending!.Name);
            Assert.Equal(n, call.Pending.Arguments[0]);
            guest.Restored.Resume();
            await guest.AnswerAsync(1000);
        }

        var last = guest.Restored!.Call("sum").Task;
        Assert.Equal(20_000L + (2 * 210), (await last.WaitAsync(TimeSpan.FromMinutes(5)))[0]);
        guest.Dispose();
    }

    [Fact]
    public async Task TheStoreThatWasSavedGoesOnToo()
    {
        using var guest = new SnapshotGuest(Recursion);
        var task = guest.Call("sum", 1);
        using var copy = guest.Copy();
        copy.Restored!.Resume();

        await guest.AnswerAsync(5);
        await copy.AnswerAsync(6);

        Assert.Equal(7L, (await task)[0]);
        Assert.Equal(8L, (await copy.Restored.Call("sum").Task)[0]);
        Assert.Equal(guest.Store.Id, copy.Store.Id);
    }

    [Fact]
    public async Task ManyCallsGoOnEachWithItsOwnKey()
    {
        using var guest = new SnapshotGuest(Recursion);
        const int count = 30;
        var keys = new List<CallKey>();
        for (var i = 0; i < count; i++)
        {
            _ = guest.Instance.GetFunction("sum").InvokeAsync($"call {i}", [i + 1]);
            keys.Add((await guest.NextWaitAsync()).Key);
        }

        using var copy = guest.Copy();

        Assert.Equal(count, copy.Restored!.Calls.Count);
        Assert.Equal(keys, copy.Restored.Pending.Select(pending => pending.CallKey));
        copy.Restored.Resume();
        foreach (var key in keys)
        {
            var wait = await copy.NextWaitAsync();
            Assert.Contains(wait.Key, keys);
            wait.Task.SetResult(1);
        }

        for (var waits = (count * (count + 1) / 2) - count; waits > 0; waits--)
            await copy.AnswerAsync(1);
        for (var i = 0; i < count; i++)
            Assert.Equal((i + 1L) + ((i + 1L) * (i + 2L)), (await copy.Restored.Call($"call {i}").Task)[0]);
        Assert.Throws<KeyNotFoundException>(() => copy.Restored.Call("call 100"));
    }

    [Fact]
    public async Task TheHostAnswersInPlaceOfTheImport()
    {
        using var guest = new SnapshotGuest(Recursion);
        _ = guest.Call("sum", 2);
        using var copy = guest.Copy();
        var restored = copy.Restored!;
        var pending = Assert.Single(restored.Pending);

        Assert.Contains("1 results", Assert.Throws<ArgumentException>(() => pending.Complete()).Message, StringComparison.Ordinal);
        Assert.Contains("must be i32", Assert.Throws<ArgumentException>(() => pending.Complete(1L)).Message, StringComparison.Ordinal);
        pending.Complete(10);
        Assert.Throws<InvalidOperationException>(() => pending.Complete(11));
        restored.Resume();
        var next = await copy.NextWaitAsync();
        Assert.Equal((2, 2L), (next.Argument, next.Key.Wait));
        next.Task.SetResult(20);

        Assert.Equal(30L + 6, (await restored.Call("sum").Task)[0]);
        Assert.Throws<InvalidOperationException>(restored.Resume);
        Assert.Throws<InvalidOperationException>(() => pending.Fail(new IOException()));
    }

    [Fact]
    public async Task TheHostFailsAnImport()
    {
        using var guest = new SnapshotGuest(Recursion);
        _ = guest.Call("sum", 2);
        using var copy = guest.Copy();
        copy.Restored!.Pending[0].Fail(new IOException("gone"));
        copy.Restored.Resume();

        Assert.Equal("gone", (await Assert.ThrowsAsync<IOException>(() => copy.Restored.Call("sum").Task)).Message);
    }

    /// <summary>A call that waits for its first turn is in a snapshot that is written before: it starts in the other store, or is ended there before.</summary>
    [Fact]
    public async Task ACallThatHasNotStartedStartsInAnotherStore()
    {
        var engine = new Engine();
        var module = Module.Parse(
            engine,
            """
            (import "env" "now" (func $now)) (func (export "now") (call $now))
            (func (export "add") (param i32 externref) (result i32 externref) (i32.add (local.get 0) (i32.const 1)) (local.get 1))
            """);
        using var store = new Store(engine);
        using var stream = new MemoryStream();
        var codec = ReferenceCodec.For<string>("text", System.Text.Encoding.UTF8.GetBytes, System.Text.Encoding.UTF8.GetString);
        Task snapshot = Task.CompletedTask, call = Task.CompletedTask;
        var linker = new Linker(engine).Define("env", "now", (Caller caller) =>
        {
            // Both have to wait until this function gives the turn back, in this order.
            snapshot = caller.Store.SnapshotAsync(stream, new SnapshotOptions { Codecs = [codec] });
            var add = caller.GetFunction("add");
            var thread = new Thread(() => call = add.InvokeAsync("add", [41, Value.FromExternRef("x")]));
            thread.Start();
            thread.Join();
        });
        linker.Instantiate(store, module).GetFunction("now").Invoke();
        await snapshot.WaitAsync(TimeSpan.FromMinutes(5));
        await call.WaitAsync(TimeSpan.FromMinutes(5));

        using var end = new CancellationTokenSource();
        RestoredStore Load()
        {
            stream.Position = 0;
            return Store.Restore(engine, stream, linker, new RestoreOptions { Modules = [module], Codecs = [codec], CancellationToken = end.Token });
        }

        var restored = Load();
        Assert.Equal("turn", Assert.Single(restored.Store.Fibers).WaitsFor);
        Assert.Empty(restored.Pending);
        restored.Resume();
        var results = await restored.Call("add").Task.WaitAsync(TimeSpan.FromMinutes(5));
        Assert.Equal((42, "x"), (results[0].AsI32(), results[1].As<string>()));
        restored.Store.Dispose();

        var disposed = Load();
        disposed.Store.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => disposed.Call("add").Task.WaitAsync(TimeSpan.FromMinutes(5)));

        var cancelled = Load();
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Call("add").Task.WaitAsync(TimeSpan.FromMinutes(5)));
        cancelled.Resume();
        cancelled.Store.Dispose();
    }

    /// <summary>Between two time slices a call is in the middle of a loop.</summary>
    [Fact]
    public async Task ACallThatHasGivenItsTurnAwayGoesOn()
    {
        const string program =
            """
            (import "env" "wait" (func (param i32) (result i32)))
            (memory (export "memory") 1)
            (func (export "run") (param i32) (result i32)
              (loop $again (br_if $again (i32.eqz (i32.load (i32.const 0)))))
              (local.get 0))
            """;
        using var guest = new SnapshotGuest(program, storeOptions: new StoreOptions { TimeSlice = TimeSpan.FromMilliseconds(1) });

        // It keeps its thread until somebody else wants a turn, as this does.
        _ = Task.Run(() => guest.Call("run", 7));
        while (guest.Store.Fibers.Count == 0)
            await Task.Delay(1);
        using var stream = new MemoryStream();
        await guest.Store.SnapshotAsync(stream).WaitAsync(TimeSpan.FromMinutes(5));
        using var copy = guest.Load(stream.ToArray());
        Assert.Equal("turn", Assert.Single(copy.Store.Fibers).WaitsFor);

        copy.Instance.GetMemory("memory").Write(0, 1);
        copy.Restored!.Resume();
        Assert.Equal(7, (await copy.Restored.Call("run").Task.WaitAsync(TimeSpan.FromMinutes(5)))[0]);
    }

    [Fact]
    public async Task ARestoredCallIsCancelled()
    {
        using var guest = new SnapshotGuest(Recursion);
        _ = guest.Call("sum", 2);
        var snapshot = guest.Save();
        var engine = new Engine();
        var module = Module.Parse(engine, Recursion);
        using var source = new CancellationTokenSource();
        var restored = Store.Restore(
            engine,
            new MemoryStream(snapshot),
            new Linker(engine).Define("env", "wait", async (int _, CancellationToken token) =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return 0;
            }),
            new RestoreOptions { Modules = [module], CancellationToken = source.Token });
        using var store = restored.Store;
        restored.Resume();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => restored.Calls[0].Task.WaitAsync(TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public void WhatInstancesHoldIsThere()
    {
        const string program =
            """
            (import "env" "wait" (func $wait (param i32) (result i32)))
            (type $pair (sub (struct (field (mut i32)) (field (mut (ref null $pair))) (field (mut i8)) (field v128) (field f32) (field f64))))
            (type $list (array (mut (ref null $pair))))
            (type $bytes (array (mut i16)))
            (memory (export "memory") 1 10)
            (table $functions (export "functions") 1 10 funcref)
            (table $things (export "things") 2 anyref)
            (global $number (export "number") (mut i64) (i64.const 1))
            (global $vector (export "vector") (mut v128) (v128.const i64x2 1 1))
            (global $list (mut (ref null $list)) (ref.null $list))
            (global $alias (mut (ref null $list)) (ref.null $list))
            (global $constant (ref $pair) (struct.new $pair (i32.const 8) (ref.null $pair) (i32.const 0) (v128.const i64x2 0 0) (f32.const 0) (f64.const 0)))
            (data $passive "passive")
            (data $left "left")
            (elem $segment funcref (ref.func $wait) (ref.func $read))
            (elem declare func $wait)
            (func (export "prepare") (local $p (ref null $pair))
              (drop (memory.grow (i32.const 3)))
              (i32.store (i32.const 0x30000) (i32.const 77))
              (global.set $number (i64.const -5))
              (global.set $vector (v128.const i64x2 7 8))
              (drop (table.grow $functions (ref.func $wait) (i32.const 3)))
              (local.set $p (struct.new $pair (i32.const 3) (ref.null $pair) (i32.const -2) (v128.const i64x2 5 6) (f32.const nan:0x200001) (f64.const -0)))
              (struct.set $pair 1 (local.get $p) (local.get $p))
              (global.set $list (array.new_fixed $list 3 (local.get $p) (ref.null $pair) (local.get $p)))
              (global.set $alias (global.get $list))
              (table.set $things (i32.const 0) (array.new_data $bytes $left (i32.const 0) (i32.const 2)))
              (table.set $things (i32.const 1) (ref.i31 (i32.const -9)))
              (data.drop $passive))
            (func $read (export "read") (result i32 i32 i64 i32 f64 i32 i32 i32) (local $p (ref null $pair))
              (local.set $p (array.get $list (global.get $alias) (i32.const 2)))
              (struct.get $pair 0 (struct.get $pair 1 (struct.get $pair 1 (local.get $p))))
              (struct.get_s $pair 2 (local.get $p))
              (i64x2.extract_lane 1 (struct.get $pair 3 (local.get $p)))
              (i32.reinterpret_f32 (struct.get $pair 4 (local.get $p)))
              (struct.get $pair 5 (local.get $p))
              (i32.and (ref.eq (global.get $list) (global.get $alias)) (ref.eq (array.get $list (global.get $list) (i32.const 0)) (local.get $p)))
              (array.get_u $bytes (ref.cast (ref $bytes) (table.get $things (i32.const 0))) (i32.const 1))
              (i31.get_s (ref.cast (ref i31) (table.get $things (i32.const 1)))))
            (func (export "dropped") (memory.init $passive (i32.const 0) (i32.const 0) (i32.const 1)))
            (func (export "kept") (memory.init $left (i32.const 0) (i32.const 0) (i32.const 4)))
            (func (export "segment") (table.init $functions $segment (i32.const 0) (i32.const 1) (i32.const 1)))
            """;
        using var guest = new SnapshotGuest(program);
        guest.Instance.GetFunction("prepare").Invoke();
        var expected = guest.Instance.GetFunction("read").Invoke();
        using var copy = guest.Copy();

        Assert.Equal(expected, copy.Instance.GetFunction("read").Invoke());
        Assert.Equal([3, -2, 6L, unchecked((int)0x7FA00001), -0.0, 1, 'f' | ('t' << 8), -9], expected);
        Assert.Equal(4ul, copy.Instance.GetMemory("memory").PageCount);
        Assert.Equal(77, copy.Instance.GetMemory("memory").Read<int>(0x30000));
        Assert.Equal(-5, copy.Instance.GetGlobal("number").Get<long>());
        Assert.Equal(Vector128.Create(7L, 8L).AsByte(), copy.Instance.GetGlobal("vector").Get<Vector128<byte>>());
        Assert.Equal(4, copy.Instance.GetTable("functions").Length);
        Assert.Equal("env.wait", copy.Instance.GetTable("functions").GetFunction(3).Name);
        Assert.Equal(TrapKind.OutOfBoundsMemoryAccess, Assert.ThrowsAny<TrapException>(() => copy.Instance.GetFunction("dropped").Invoke()).Kind);
        copy.Instance.GetFunction("kept").Invoke();
        Assert.Equal("left", copy.Instance.GetMemory("memory").ReadUtf8(0));
        copy.Instance.GetFunction("segment").Invoke();
        Assert.Equal(copy.Instance.GetFunction("read"), copy.Instance.GetTable("functions").GetFunction(0));
    }
}
