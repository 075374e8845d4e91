using System.Runtime.Intrinsics;

namespace Fermata.Tests.Suspension;

/// <summary>Suspending imports that take and give values (JSPI checklist, lines 2, 10, 13 and 14).</summary>
public sealed class UntypedImportTests : IDisposable
{
    private static readonly FuncType Type = new([ValType.I32, ValType.ExternRef], [ValType.ExternRef, ValType.I32]);

    private readonly GatedGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void TheyWaitAndReturnValues()
    {
        var f = Import(async (caller, arguments, _) => [arguments[1], await _guest.Gate(arguments[0].AsI32()).Wait()]);
        var (first, second) = (f(0, "a"), f(1, "b"));
        Assert.False(first.IsCompleted);
        _guest.Open(1, 10);
        Assert.Equal(("b", 10), second.Completed());
        _guest.Open(0, 20);
        Assert.Equal(("a", 20), first.Completed());
        Assert.Equal(("c", 20), f(0, "c").Completed());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ACompletedTaskSuspendsOnlyIfTheStoreSaysSo(bool always)
    {
        using var guest = new GatedGuest(options: new StoreOptions { AlwaysSuspend = always });
        Task<int>? task = null;
        var endedAtOnce = false;
        guest.Linker.Define("env", "one", new FuncType([], [ValType.I32]), (_, _, _) => new([1]));
        guest.Linker.Define("env", "start", (Caller caller) =>
        {
            task = caller.GetFunction("f").As<Func<Task<int>>>()();
            endedAtOnce = task.IsCompleted;
        });
        guest.Instantiate("""
            (import "env" "one" (func $one (result i32))) (import "env" "start" (func $start))
            (func (export "main") (call $start))
            (func (export "f") (result i32) (call $one))
            """).GetFunction("main").Invoke();
        Assert.Equal(!always, endedAtOnce);
        Assert.Equal(1, await task!.InTime());
    }

    [Fact]
    public void WithoutAPromisingCallTheyAreNotCalled()
    {
        var calls = 0;
        _guest.Linker.Define("env", "f", new FuncType([], []), (_, _, _) =>
        {
            calls++;
            return new([]);
        });
        var f = _guest.Instantiate("""(import "env" "f" (func $f)) (func (export "f") (call $f))""").GetFunction("f");
        Assert.Contains("env.f may have to wait", Assert.Throws<SuspendException>(() => f.Invoke()).Message, StringComparison.Ordinal);
        Assert.Equal(0, calls);
        Assert.Empty(f.InvokeAsync().Completed());
    }

    [Fact]
    public void ASynchronousCallTakesWhatIsCompleteIfTheStoreSaysSo()
    {
        using var guest = new GatedGuest(options: new StoreOptions { CallsSuspendingImportsSynchronously = true });
        guest.Linker.Define("env", "f", new FuncType([ValType.I32], [ValType.I32]), async (_, arguments, token) =>
        {
            Assert.True(token.CanBeCanceled);
            return [await guest.Gate(arguments[0].AsI32()).Wait()];
        });
        var f = guest.Instantiate("""
            (import "env" "f" (func $f (param i32) (result i32))) (func (export "f") (param i32) (result i32) (call $f (local.get 0)))
            """).GetFunction<Func<int, CancellationToken, int>>("f");
        using var source = new CancellationTokenSource();
        guest.Open(0, 7);
        Assert.Equal(7, f(0, source.Token));
        Assert.Throws<SuspendException>(() => f(1, source.Token));
        Assert.Equal(7, f(0, source.Token));
    }

    [Fact]
    public async Task TheTokenIsThatOfThePromisingCall()
    {
        _guest.Linker.Define("env", "f", new FuncType([], []), async (_, _, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return [];
        });
        var f = _guest.Instantiate("""(import "env" "f" (func $f)) (func (export "f") (call $f))""").GetFunction("f");
        using var source = new CancellationTokenSource();
        var task = f.InvokeAsync([], source.Token);
        Assert.False(task.IsCompleted);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task.InTime());
    }

    [Fact]
    public void ThrowingAtOnceAndFailingLaterLookTheSame()
    {
        var failure = new FormatException();
        var throws = Import((_, _, _) => throw failure);
        var fails = Import(async (_, arguments, _) =>
        {
            await _guest.Gate(arguments[0].AsI32()).Wait();
            throw failure;
        });
        Assert.Same(failure, throws(0, null).Failed<FormatException>());
        var task = fails(0, null);
        Assert.False(task.IsCompleted);
        _guest.Open(0);
        Assert.Same(failure, task.Failed<FormatException>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ValuesOfEveryTypePassWhileTheCallIsSuspended(bool everywhere)
    {
        using var guest = new GatedGuest(everywhere);
        Value[] values = [1, 2L, 3f, 4.0, Value.FromV128(Vector128.Create(5ul, 6ul).AsByte()), Value.FromExternRef("text"), -1];
        ValType[] types = [.. values.Select(value => value.Type)];
        guest.Linker.Define("env", "same", new FuncType(types, types), async (_, arguments, _) =>
        {
            await guest.Gate(0).Wait();
            GC.Collect();
            return arguments;
        });
        var same = guest.Instantiate("""
            (import "env" "same" (func $same (param i32 i64 f32 f64 v128 externref i32) (result i32 i64 f32 f64 v128 externref i32)))
            (func $inner (param i32 i64 f32 f64 v128 externref i32) (result i32 i64 f32 f64 v128 externref i32)
              (call $same (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5) (local.get 6)))
            (func (export "same") (param i32 i64 f32 f64 v128 externref i32) (result i32 i64 f32 f64 v128 externref i32)
              (call $inner (call $inner (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5) (local.get 6))))
            """).GetFunction("same");
        var suspended = same.InvokeAsync(values);
        Assert.False(suspended.IsCompleted);
        guest.Open(0);
        Assert.Equal(values, suspended.Completed());
        Assert.Equal(values, same.InvokeAsync(values).Completed());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AResultThatDoesNotFitFailsAtTheCall(bool suspends)
    {
        var gate = 0;
        Value[]? results = null;
        var f = Import(async (_, arguments, _) =>
        {
            await _guest.Gate(arguments[0].AsI32()).Wait();
            return results!;
        });
        AssertFails(null, "The host function env.untyped returned null instead of its results.");
        AssertFails([1], "The host function env.untyped has 2 results, but the delegate returned 1.");
        AssertFails([default, 1], "Result 1 of the host function env.untyped is a externref, but the delegate did not set it.");
        AssertFails([Value.NullRef(ValType.ExternRef), 1L], "Result 2 of the host function env.untyped is a i32, but the delegate returned i64:1.");

        void AssertFails(Value[]? values, string message)
        {
            results = values;
            if (!suspends)
                _guest.Open(gate);
            var task = f(gate, null);
            Assert.Equal(suspends, !task.IsCompleted);
            _guest.Open(gate++);
            Assert.Equal(message, task.Failed<InvalidCastException>().Message);
        }
    }

    [Fact]
    public void ACallCanBePassedOnAsItIs()
    {
        _guest.Linker.Define("env", "invoke", new FuncType([ValType.I32, ValType.I32], [ValType.I32]), (caller, arguments, token) =>
            new(caller.GetTable("table").GetFunction(arguments[0].AsI32()).InvokeAsync(arguments.AsSpan(1), token)));
        var outer = _guest.Instantiate("""
            (import "env" "invoke" (func $invoke (param i32 i32) (result i32)))
            (table (export "table") 2 funcref) (elem (i32.const 1) func $inner)
            (func $inner (param i32) (result i32) (i32.add (call $wait (local.get 0)) (i32.const 1)))
            (func (export "outer") (param i32) (result i32) (i32.mul (call $invoke (i32.const 1) (local.get 0)) (i32.const 10)))
            """).GetFunction<Func<int, Task<int>>>("outer");
        var (first, second) = (outer(0), outer(1));
        _guest.Open(1, 4);
        Assert.Equal(50, second.Completed());
        _guest.Open(0, 3);
        Assert.Equal(40, first.Completed());
    }

    private Func<int, string?, Task<(string?, int)>> Import(AsyncUntypedFunction function)
    {
        _guest.Linker.AllowRedefinition = true;
        _guest.Linker.Define("env", "untyped", Type, function);
        return _guest.Instantiate("""
            (import "env" "untyped" (func $untyped (param i32 externref) (result externref i32)))
            (func (export "f") (param i32 externref) (result externref i32) (call $untyped (local.get 0) (local.get 1)))
            """).GetFunction<Func<int, string?, Task<(string?, int)>>>("f");
    }
}
