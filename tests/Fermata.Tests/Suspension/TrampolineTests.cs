namespace Fermata.Tests.Suspension;

/// <summary>Host functions through which a module calls itself (JSPI checklist, lines 11 and 15).</summary>
public sealed class TrampolineTests : IDisposable
{
    private readonly GatedGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData("invoke_ii", true)]
    [InlineData("dynCall_ii", true)]
    [InlineData("_PyEM_TrampolineCall_JS", true)]
    [InlineData("invoke", false)]
    [InlineData("back", false)]
    public void TheTrampolineOfACToolchainIsToldWithItsRemedy(string name, bool isTrampoline)
    {
        _guest.Linker.Define("env", name, (Caller caller) => caller.GetFunction("inner").Invoke()[0].AsI32());
        var instance = _guest.Instantiate($"""
            (import "env" "{name}" (func $through (result i32)))
            (func (export "inner") (result i32) (call $wait (i32.const 0)))
            (func (export "outer") (result i32) (call $through))
            """);
        var error = instance.GetFunction("outer").InvokeAsync().Failed<SuspendException>();
        Assert.Equal($"env.{name}", error.HostFunction);
        Assert.Equal(isTrampoline, error.Message.Contains("-fwasm-exceptions", StringComparison.Ordinal));
        Assert.Equal(isTrampoline, error.Message.Contains("__builtin_wasm_test_function_pointer_signature", StringComparison.Ordinal));
        Assert.Equal(isTrampoline, error.Message.Contains("EngineOptions.AllowsFunctionPointerCasts", StringComparison.Ordinal));
    }

    [Fact]
    public void ATrampolineThatIsAsyncIsNoBarrier()
    {
        _guest.Linker.Define("env", "invoke_ii", async (Caller caller, int function, int argument) =>
            (await ((Function)caller.GetTable("table").Get(function)!).InvokeAsync(argument))[0].AsI32());
        var outer = _guest.Instantiate("""
            (import "env" "invoke_ii" (func $invoke_ii (param i32 i32) (result i32)))
            (table (export "table") 2 funcref) (elem (i32.const 1) func $inner)
            (func $inner (param i32) (result i32) (i32.add (call $wait (local.get 0)) (i32.const 1)))
            (func (export "outer") (param i32) (result i32) (i32.mul (call $invoke_ii (i32.const 1) (local.get 0)) (i32.const 10)))
            """).GetFunction<Func<int, Task<int>>>("outer");
        var (first, second) = (outer(0), outer(1));
        _guest.Open(1, 4);
        Assert.Equal(50, second.Completed());
        _guest.Open(0, 3);
        Assert.Equal(40, first.Completed());
    }

    [Fact]
    public async Task AHundredAsyncHostFunctionsSuspendAtEachLevel()
    {
        _guest.Linker.Define("env", "again", async (Caller caller, int n) => 1 + await caller.GetFunction("f").As<Func<int, Task<int>>>()(n - 1));
        var f = _guest.Instantiate("""
            (import "env" "again" (func $again (param i32) (result i32)))
            (func (export "f") (param i32) (result i32)
              (i32.add
                (call $wait (local.get 0))
                (if (result i32) (local.get 0) (then (call $again (local.get 0))) (else (i32.const 0)))))
            """).GetFunction<Func<int, Task<int>>>("f");
        var task = f(100);
        for (var level = 100; level >= 0; level--)
        {
            Assert.False(task.IsCompleted);
            Assert.Equal(101 - level, _guest.Waits);
            _guest.Open(level);
        }

        Assert.Equal(5050 + 100, await task.InTime());
    }
}
