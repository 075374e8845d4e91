namespace Fermata.Tests.Suspension;

/// <summary>The exit of a program, which WebAssembly cannot catch.</summary>
public abstract class ExitTests : IDisposable
{
    private readonly GatedGuest _guest;

    protected ExitTests(bool suspendEverywhere)
    {
        _guest = new GatedGuest(suspendEverywhere);
        _guest.Linker.Define("env", "exit", void (int code) => throw new WasmExitException(code));
        _guest.Linker.Define("env", "call", (Caller caller) => caller.GetFunction("inner")!.As<Action>()());
        _guest.Linker.Define("env", "await", async (Caller caller) => await caller.GetFunction("inner")!.As<Func<Task>>()());
        _guest.Linker.Define("env", "exit_later", async (int code) =>
        {
            await _guest.Gate(code).Wait();
            throw new WasmExitException(code);
        });
    }

    public sealed class Normally() : ExitTests(false);

    public sealed class SuspendedEverywhere() : ExitTests(true);

    public void Dispose()
    {
        _guest.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("(block $caught (try_table (catch_all $caught) (call $exit (i32.const 3))))")]
    [InlineData("(drop (block $caught (result exnref) (try_table (catch_all_ref $caught) (call $exit (i32.const 3))) (return)))")]
    [InlineData("(try (do (call $exit (i32.const 3))) (catch_all))")]
    [InlineData("(drop (block $caught (result externref) (try_table (catch $host $caught) (call $exit (i32.const 3))) (return)))")]
    [InlineData("(block $caught (try_table (catch_all $caught) (call $call)))")]
    [InlineData("(block $caught (try_table (catch_all $caught) (call $await)))")]
    public async Task NothingCatchesIt(string code)
    {
        _guest.Linker.Define("env", "host", _guest.Store.HostExceptionTag);
        var instance = _guest.Instantiate($"""
            (import "env" "exit" (func $exit (param i32)))
            (import "env" "call" (func $call))
            (import "env" "await" (func $await))
            (import "env" "host" (tag $host (param externref)))
            (global $after (export "after") (mut i32) (i32.const 0))
            (func (export "inner") (block $caught (try_table (catch_all $caught) (call $exit (i32.const 3)))) (global.set $after (i32.const 1)))
            (func (export "f") {code} (global.set $after (i32.const 1)))
            (func (export "g") (result i32) (i32.const 42))
            """);
        var exit = await Assert.ThrowsAsync<WasmExitException>(instance.GetFunction<Func<Task>>("f"));
        Assert.Equal(3, exit.ExitCode);
        Assert.Equal("The program ended with exit code 3.", exit.Message);
        if (!code.Contains("$await", StringComparison.Ordinal))
            Assert.Equal(3, Assert.Throws<WasmExitException>(instance.GetFunction<Action>("f")).ExitCode);
        Assert.Equal("i32:0", instance.GetGlobal("after")!.Value.ToString());
        Assert.Equal(42, instance.GetFunction<Func<int>>("g")());
    }

    [Fact]
    public void ItEndsACallThatWaited()
    {
        var instance = _guest.Instantiate("""
            (import "env" "exit_later" (func $exit (param i32)))
            (func $deep (param i32) (if (local.get 0) (then (call $deep (i32.sub (local.get 0) (i32.const 1)))) (else (call $exit (i32.const 7)))))
            (func (export "f") (block $caught (try_table (catch_all $caught) (call $deep (i32.const 10)))))
            (func (export "g") (param i32) (result i32) (call $wait (local.get 0)))
            """);
        var exiting = instance.GetFunction<Func<Task>>("f")();
        var other = instance.GetFunction<Func<int, Task<int>>>("g")(1);
        _guest.Open(7);
        Assert.Equal(7, Assert.IsType<WasmExitException>(exiting.Exception!.InnerException).ExitCode);
        Assert.False(other.IsCompleted);
        _guest.Open(1, 5);
        Assert.Equal(5, other.Completed());
    }

    [Fact]
    public void AHostFunctionMayCatchIt()
    {
        _guest.Linker.Define("env", "run", (Caller caller) =>
        {
            try
            {
                caller.GetFunction("inner")!.As<Action>()();
                return 0;
            }
            catch (WasmExitException exit)
            {
                return exit.ExitCode;
            }
        });
        var f = _guest.Instantiate("""
            (import "env" "exit" (func $exit (param i32)))
            (import "env" "run" (func $run (result i32)))
            (func (export "inner") (call $exit (i32.const 9)))
            (func (export "f") (result i32) (i32.add (call $run) (i32.const 1)))
            """).GetFunction<Func<int>>("f");
        Assert.Equal(10, f());
    }
}
