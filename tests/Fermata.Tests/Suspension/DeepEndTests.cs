namespace Fermata.Tests.Suspension;

/// <summary>What ends a call at the bottom of a deep native stack leaves it by the return path. .NET would look at each activation twice, and keep some 130 bytes of trace for it.</summary>
public sealed class DeepEndTests : IDisposable
{
    private const int Depth = 20_000;
    private const int StackBytes = 16 << 20;

    /// <summary>A twentieth of what the trace of such a stack takes.</summary>
    private const long MostBytes = 128 * 1024;

    private const string Down = """
        (func $down (export "down") (param $n i32)
          (if (local.get $n)
            (then (call $down (i32.sub (local.get $n) (i32.const 1))) (return)))
        """;

    private const string Wait = "(call $bottom) (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))";
    private const string Fill = "(call $bottom) (loop $l (memory.fill (i32.const 0) (i32.const 7) (i32.const 0x2000000)) (br $l))";

    private readonly GatedGuest _guest = new();
    private readonly CancellationTokenSource _source = new();

    /// <summary>What the thread of the call had allocated when it was at the bottom.</summary>
    private long _allocated;

    public void Dispose()
    {
        _source.Dispose();
        _guest.Dispose();
    }

    public static TheoryData<string> Ends => ["(call $cancel)", "(call $untyped)", "(call $async)", Wait, Fill];

    [Theory]
    [MemberData(nameof(Ends))]
    public void AnEndAtTheBottomOfADeepStackKeepsNoTraceOfIt(string end)
    {
        _guest.Linker
            .Define("env", "cancel", Cancel)
            .Define("env", "untyped", new FuncType([], []), (_, _, _) => Cancel())
            .Define("env", "async", () =>
            {
                Cancel();
                return Task.CompletedTask;
            })
            .Define("env", "bottom", () =>
            {
                NoteBottom();
                _source.CancelAfter(50);
            });
        var down = _guest.Instantiate($"""
            (import "env" "cancel" (func $cancel)) (import "env" "untyped" (func $untyped)) (import "env" "async" (func $async))
            (import "env" "bottom" (func $bottom))
            (memory 512 512 shared)
            {Down} {end})
            """).GetFunction("down");
        var (failure, bytes) = OnDeepThread(() =>
        {
            if (end == "(call $async)")
                _ = down.InvokeAsync([Depth], _source.Token).Completed();
            else
                down.Invoke([Depth], _source.Token);
        });

        Assert.Equal(_source.Token, Assert.IsAssignableFrom<OperationCanceledException>(failure).CancellationToken);
        Assert.InRange(bytes, 0, MostBytes);
    }

    /// <summary>More work than there is fuel for, by an instruction of each kind.</summary>
    public static TheoryData<string> Ranges =>
    [
        "(memory.fill (i32.const 0) (i32.const 7) (i32.const 65536))",
        "(memory.copy (i32.const 1) (i32.const 0) (i32.const 65535))",
        "(memory.init $bytes (i32.const 0) (i32.const 0) (i32.const 8000))",
        "(table.fill (i32.const 0) (ref.i31 (i32.const 1)) (i32.const 1000))",
        "(table.copy (i32.const 1) (i32.const 0) (i32.const 999))",
        "(table.init $elements (i32.const 0) (i32.const 0) (i32.const 1000))",
        "(drop (table.grow (ref.i31 (i32.const 1)) (i32.const 1000)))",
        "(drop (table.grow (ref.null eq) (i32.const 10000)))",
        "(drop (array.new $numbers (i64.const 1) (i32.const 1000)))",
        "(drop (array.new $numbers (i64.const 1) (i32.const 10000)))",
        "(drop (array.new_default $numbers (i32.const 10000)))",
        "(drop (array.new_data $numbers $bytes (i32.const 0) (i32.const 1000)))",
        "(drop (array.new_elem $references $elements (i32.const 0) (i32.const 1000)))",
        "(array.fill $numbers (global.get $array) (i32.const 0) (i64.const 1) (i32.const 1000))",
        "(array.copy $numbers $numbers (global.get $array) (i32.const 1) (global.get $array) (i32.const 0) (i32.const 999))",
        "(array.init_data $numbers $bytes (global.get $array) (i32.const 0) (i32.const 0) (i32.const 1000))",
        "(array.init_elem $references $elements (array.new_default $references (i32.const 1000)) (i32.const 0) (i32.const 0) (i32.const 1000))",
    ];

    [Theory]
    [MemberData(nameof(Ranges))]
    public void AnEndInTheMiddleOfAnInstructionKeepsNoTraceOfIt(string instruction)
    {
        var (failure, bytes, hasGoneOn) = RunOutOfFuel(instruction, new EngineOptions { UsesFuel = true }, Depth);

        Assert.Equal(["leaf", .. Enumerable.Repeat("down", 999)], failure.WasmStack.Select(frame => frame.FunctionName));
        Assert.InRange(bytes, 0, MostBytes);
        Assert.False(hasGoneOn);
    }

    [Theory]
    [MemberData(nameof(Ranges))]
    public void AnEndInTheMiddleOfAnInstructionLeavesCodeThatWasResumed(string instruction)
    {
        var (failure, _, hasGoneOn) = RunOutOfFuel($"(call $nop) {instruction}", new EngineOptions { UsesFuel = true, SuspendEverywhere = true }, depth: 2);

        Assert.Equal(["leaf", "down", "down", "down"], failure.WasmStack.Select(frame => frame.FunctionName));
        Assert.False(hasGoneOn);
    }

    /// <summary>A collection walks the whole stack, and there may be one for each object where a store is allowed few.</summary>
    [Theory]
    [InlineData("(drop (struct.new $object (i64.const 1)))")]
    [InlineData("(drop (array.new_default $numbers (i32.const 100)))")]
    [InlineData("(drop (array.new_default $numbers (i32.const 10000)))")]
    [InlineData("(drop (array.new_fixed $numbers 2 (i64.const 1) (i64.const 2)))")]
    [InlineData("(drop (array.new_data $numbers $bytes (i32.const 0) (i32.const 1000)))")]
    [InlineData("(block $h (try_table (catch_all $h) (throw $e)))")]
    public void AnEndIsSeenBeforeGarbageIsCollected(string instruction)
    {
        var (failure, bytes, refusals) = EndWhereObjectsAreRefused(instruction, Depth);

        Assert.Equal(_source.Token, Assert.IsAssignableFrom<OperationCanceledException>(failure).CancellationToken);
        Assert.InRange(bytes, 0, MostBytes);
        Assert.InRange(refusals, 1, 2);
    }

    [Theory]
    [InlineData("(drop (ref.i31 (i32.const 1000000)))")]
    [InlineData("(call $leaf)")]
    public void AnEndIsSeenBeforeGarbageIsCollectedThoughNoCallerLooksForIt(string instruction)
    {
        var (failure, _, refusals) = EndWhereObjectsAreRefused(instruction, depth: 2);

        Assert.Equal(_source.Token, Assert.IsAssignableFrom<OperationCanceledException>(failure).CancellationToken);
        Assert.InRange(refusals, 1, 2);
    }

    [Theory]
    [InlineData(4 << 20)]
    [InlineData(128 << 10)]
    public void WhereTheNativeStackIsTheLimitItsEndKeepsTheInnermostFunctionsOnly(int nativeBytes)
    {
        var engine = new Engine(new EngineOptions { MaxStackBytes = 0, MaxNativeStackBytes = nativeBytes });
        using var store = new Store(engine);
        var down = new Linker(engine).Instantiate(store, Module.Parse(engine, $"(module {Down} unreachable))")).GetFunction("down");

        var (failure, bytes) = OnDeepThread(() =>
        {
            NoteBottom();
            down.Invoke(10_000_000);
        });

        var trap = Assert.IsType<StackExhaustedException>(failure);
        Assert.StartsWith("call stack exhausted\n  at down\n", trap.Message, StringComparison.Ordinal);
        Assert.Equal(1_000, trap.WasmStack.Count);
        Assert.InRange(bytes, 0, MostBytes);
    }

    [Fact]
    public void TheFunctionsOfAnExhaustedStackAreBeforeThoseBehindAHostFunction()
    {
        var engine = new Engine(new EngineOptions { MaxStackBytes = 0, MaxNativeStackBytes = 128 << 10 });
        using var store = new Store(engine);
        var linker = new Linker(engine).Define("env", "host", (Caller caller) => { caller.GetFunction("down").Invoke(10_000_000); });
        var outer = linker.Instantiate(store, Module.Parse(engine, $"""
            (module (import "env" "host" (func $host)) {Down} unreachable)
              (func (export "outer") (call $host)))
            """)).GetFunction("outer");

        var trap = Assert.Throws<StackExhaustedException>(() => outer.Invoke());
        Assert.Equal([.. Enumerable.Repeat("down", 1_000), "outer"], trap.WasmStack.Select(frame => frame.FunctionName));
    }

    private (TrapException Failure, long Bytes, bool HasGoneOn) RunOutOfFuel(string instruction, EngineOptions options, int depth)
    {
        var engine = new Engine(options);
        using var store = new Store(engine) { Fuel = long.MaxValue };
        var linker = new Linker(engine).Define("env", "drain", () =>
        {
            NoteBottom();
            store.Fuel = 100;
        });
        var instance = linker.Instantiate(store, Module.Parse(engine, $"""
            (module
              (import "env" "drain" (func $drain))
              (type $numbers (array (mut i64))) (type $references (array (mut eqref)))
              (memory 1) (data $bytes "{new string('x', 8_000)}")
              (table 1000 eqref) (elem $elements eqref {string.Concat(Enumerable.Repeat("(ref.i31 (i32.const 1)) ", 1_000))})
              (global $array (ref $numbers) (array.new_default $numbers (i32.const 1000)))
              (global $hasGoneOn (export "hasGoneOn") (mut i32) (i32.const 0))
              (func $nop)
              (func $leaf (block $h (try_table (catch_all $h) {instruction})) (global.set $hasGoneOn (i32.const 1)))
              {Down} (call $drain) (block $h (try_table (catch_all $h) (call $leaf))) (global.set $hasGoneOn (i32.const 1))))
            """));
        var (failure, bytes) = OnDeepThread(() => instance.GetFunction("down").Invoke(depth));

        var trap = Assert.IsType<TrapException>(failure);
        Assert.Equal(TrapKind.OutOfFuel, trap.Kind);
        Assert.StartsWith("out of fuel\n  at leaf\n", trap.Message, StringComparison.Ordinal);
        return (trap, bytes, instance.GetGlobal("hasGoneOn").Value.AsI32() != 0);
    }

    /// <summary>Makes objects at the bottom of a stack until the store's limiter refuses one, and ends the call then.</summary>
    /// <returns>What the call failed with, what was allocated from then on, and how often the limiter refused.</returns>
    private (Exception? Failure, long Bytes, int Refusals) EndWhereObjectsAreRefused(string instruction, int depth)
    {
        var limiter = new EndingLimiter(Cancel);
        var engine = new Engine();
        using var store = new Store(engine, new StoreOptions { Limiter = limiter });
        var down = new Linker(engine).Instantiate(store, Module.Parse(engine, $"""
            (module
              (type $numbers (array (mut i64))) (type $object (struct (field i64))) (tag $e)
              (data $bytes "{new string('x', 8_000)}")
              (func $leaf {string.Concat(Enumerable.Repeat("(drop (struct.new $object (i64.const 1)))", 20))})
              {Down} (loop $l {instruction} (br $l))))
            """)).GetFunction("down");
        var (failure, bytes) = OnDeepThread(() => down.Invoke([depth], _source.Token));
        return (failure, bytes, limiter.Refusals);
    }

    private void NoteBottom() => _allocated = GC.GetAllocatedBytesForCurrentThread();

    private void Cancel()
    {
        NoteBottom();
        _source.Cancel();
    }

    /// <summary>Makes a call on a thread with much stack.</summary>
    /// <returns>What it failed with, and what was allocated from the bottom on.</returns>
    private (Exception? Failure, long Bytes) OnDeepThread(Action call)
    {
        (Exception?, long) result = default;
        var thread = new Thread(
            () =>
            {
                var failure = Record.Exception(call);
                result = (failure, GC.GetAllocatedBytesForCurrentThread() - _allocated);
            },
            StackBytes);
        thread.Start();
        thread.Join();
        return result;
    }
    private sealed class EndingLimiter(Action end) : ResourceLimiter
    {
        public int Refusals { get; private set; }

        public override bool Allows(StoreResource resource, long current, long wanted)
        {
            if (resource != StoreResource.ObjectBytes || (Refusals == 0 && wanted <= 64 * 1024))
                return true;
            Refusals++;
            end();
            return false;
        }
    }
}
