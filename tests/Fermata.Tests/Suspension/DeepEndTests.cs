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

    private readonly GatedGuest _guest = new();
    private readonly CancellationTokenSource _source = new();

    /// <summary>What the thread of the call had allocated when it was at the bottom.</summary>
    private long _allocated;

    public void Dispose()
    {
        _source.Dispose();
        _guest.Dispose();
    }

    public static TheoryData<string> Ends => ["(call $cancel)", "(call $untyped)", "(call $async)", Wait];

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
            (memory 1 1 shared)
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
}
