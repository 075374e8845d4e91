namespace Fermata.Tests.Suspension;

/// <summary>What a promising call does for its caller (JSPI checklist, lines 1 and 5 to 9).</summary>
public sealed class PromisingCallTests : IDisposable
{
    private readonly GatedGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void AHostFunctionCannotBePromising()
    {
        var function = Function.Create(_guest.Store, (int a) => a, "double");
        var untyped = function.InvokeAsync(1).Failed<InvalidOperationException>();
        var typed = Assert.Throws<InvalidOperationException>(() => function.As<Func<int, Task<int>>>());
        Assert.StartsWith("double is a host function.", untyped.Message, StringComparison.Ordinal);
        Assert.Equal(untyped.Message, typed.Message);
        Assert.Equal(1, function.As<Func<int, int>>()(1));
    }

    [Fact]
    public void AnImportThatIsExportedAgainIsStillAHostFunction()
    {
        var instance = _guest.Instantiate("""(export "wait" (func $wait))""");
        var error = Assert.Throws<InvalidOperationException>(() => instance.GetFunction<Func<int, Task<int>>>("wait"));
        Assert.StartsWith("env.wait is a host function.", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _guest.Waits);
    }

    [Fact]
    public void TheCallRunsToItsFirstSuspensionBeforeItsCallerGoesOn()
    {
        var events = new List<string>();
        var here = Environment.CurrentManagedThreadId;
        _guest.Linker.Define("env", "log", (int number) =>
        {
            events.Add($"wasm {number}");
            Assert.Equal(here, Environment.CurrentManagedThreadId);
        });
        var f = _guest.Instantiate("""
            (import "env" "log" (func $log (param i32)))
            (func (export "f")
              (call $log (i32.const 1))
              (drop (call $wait (i32.const 0)))
              (call $log (i32.const 2)))
            """).GetFunction<Func<Task>>("f");
        var task = f();
        events.Add("caller");
        Assert.False(task.IsCompleted);
        _guest.Open(0);
        Assert.True(task.IsCompletedSuccessfully);
        Assert.Equal(["wasm 1", "caller", "wasm 2"], events);
    }

    [Fact]
    public void WrongArgumentsFailTheTaskAndDoNotThrow()
    {
        var function = _guest.Instantiate("""(func (export "f") (param i32 i64) (drop (call $wait (i32.const 0))))""").GetFunction("f");
        Assert.StartsWith("f takes 2 arguments, found 1", function.InvokeAsync(1).Failed<ArgumentException>().Message, StringComparison.Ordinal);
        Assert.StartsWith("Argument 2 of f must be i64", function.InvokeAsync(1, 2).Failed<ArgumentException>().Message, StringComparison.Ordinal);
        Assert.Equal(0, _guest.Waits);
    }

    [Fact]
    public void AWrongReferenceFailsTheTaskOfATypedCall()
    {
        var instance = _guest.Instantiate("""(func (export "f") (param funcref) (drop (call $wait (i32.const 0))))""");
        using var other = new Store(_guest.Engine);
        var stranger = Function.Create(other, () => { });
        var task = instance.GetFunction<Func<Function, Task>>("f")(stranger);
        Assert.StartsWith("Argument 1 of f must be funcref, found a function of another store", task.Failed<ArgumentException>().Message, StringComparison.Ordinal);
        Assert.Equal(0, _guest.Waits);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ThereMayBeNoResultOneOrSeveral(bool suspends)
    {
        var instance = _guest.Instantiate("""
            (func (export "none") (drop (call $wait (i32.const 0))))
            (func (export "one") (result i64) (i64.extend_i32_s (call $wait (i32.const 0))))
            (func (export "several") (param externref) (result i32 f64 externref i64)
              (call $wait (i32.const 0)) (f64.const 1.5) (local.get 0) (i64.const -1))
            """);
        if (!suspends)
            _guest.Open(0, 42);
        var none = instance.GetFunction<Func<Task>>("none")();
        var one = instance.GetFunction<Func<Task<long>>>("one")();
        var several = instance.GetFunction<Func<string, Task<(int, double, string, long)>>>("several")("text");
        var untyped = instance.GetFunction("several").InvokeAsync(Value.FromRef("text", ValType.ExternRef));
        Assert.Equal(suspends, !none.IsCompleted);
        Assert.Equal(suspends, !several.IsCompleted);
        if (suspends)
            _guest.Open(0, 42);
        Assert.True(none.IsCompletedSuccessfully);
        Assert.Equal(42, one.Completed());
        Assert.Equal((42, 1.5, "text", -1), several.Completed());
        Assert.Equal([42, 1.5, Value.FromRef("text", ValType.ExternRef), -1L], untyped.Completed());
    }

    [Fact]
    public void ATrapBeforeTheFirstSuspensionFailsTheTask()
    {
        var f = _guest.Instantiate("""(func (export "f") unreachable (drop (call $wait (i32.const 0))))""").GetFunction<Func<Task>>("f");
        var trap = f().Failed<TrapException>();
        Assert.Equal(TrapKind.Unreachable, trap.Kind);
        Assert.StartsWith("unreachable", trap.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ATrapAfterASuspensionFailsTheTaskAndShowsTheWholeStack()
    {
        var instance = _guest.Instantiate("""
            (func $inner (param i32) (result i32) (i32.div_s (i32.const 1) (call $wait (local.get 0))))
            (func $middle (param i32) (result i32) (i32.add (call $inner (local.get 0)) (i32.const 1)))
            (func $outer (export "f") (param i32) (result i32) (i32.add (call $middle (local.get 0)) (i32.const 1)))
            """);
        var f = instance.GetFunction<Func<int, Task<int>>>("f");
        var failing = f(0);
        var succeeding = f(1);
        _guest.Open(0, 0);
        var trap = failing.Failed<ArithmeticTrapException>();
        Assert.Equal(TrapKind.IntegerDivideByZero, trap.Kind);
        Assert.StartsWith("integer divide by zero", trap.Message, StringComparison.Ordinal);
        Assert.Equal(["inner", "middle", "outer"], trap.WasmStack.Select(frame => frame.FunctionName));
        _guest.Open(1, 1);
        Assert.Equal(3, succeeding.Completed());
    }

    [Fact]
    public void AnExceptionOfTheHostAfterASuspensionFailsTheTask()
    {
        _guest.Linker.Define("env", "fail", void () => throw new FormatException("no"));
        var f = _guest.Instantiate("""
            (import "env" "fail" (func $fail))
            (func (export "f") (drop (call $wait (i32.const 0))) (call $fail))
            """).GetFunction<Func<Task>>("f");
        var task = f();
        Assert.False(task.IsCompleted);
        _guest.Open(0);
        Assert.Equal("no", task.Failed<FormatException>().Message);
    }

    [Fact]
    public void ACallThatNeverSuspendsReturnsACompletedTask()
    {
        var instance = _guest.Instantiate("""
            (func (export "f") (param i32) (result i32)
              (if (result i32) (local.get 0) (then (call $wait (i32.const 0))) (else (i32.const 7))))
            """);
        Assert.Equal(7, instance.GetFunction<Func<int, Task<int>>>("f")(0).Completed());
        Assert.Equal([7], instance.GetFunction("f").InvokeAsync(0).Completed());
        Assert.False(instance.GetFunction("f").InvokeAsync(1).IsCompleted);
    }

    [Fact]
    public async Task TheStartFunctionIsNotPromising()
    {
        var error = Assert.Throws<SuspendException>(() => _guest.Instantiate("""(func $start (drop (call $wait (i32.const 0)))) (start $start)"""));
        Assert.Contains("env.wait", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _guest.Waits);
        var f = _guest.Instantiate("""(func (export "f") (result i32) (call $wait (i32.const 0)))""").GetFunction<Func<Task<int>>>("f");
        _guest.Open(0, 5);
        Assert.Equal(5, await f().InTime());
    }

    [Fact]
    public void ASuspendedCallEndsWhenItsStoreIsDisposed()
    {
        var f = _guest.Instantiate("""(func (export "f") (result i32) (call $wait (i32.const 0)))""").GetFunction<Func<Task<int>>>("f");
        var suspended = f();
        _guest.Store.Dispose();
        _guest.Open(0);
        suspended.Failed<ObjectDisposedException>();
        f().Failed<ObjectDisposedException>();
    }
}
