namespace Fermata.Tests.Suspension;

/// <summary>What fails in code that was resumed, in a store where another call waits; in both modes of the engine.</summary>
public abstract class ResumedFrameTests(bool suspendEverywhere) : IDisposable
{
    private readonly Bystander _bystander = new(suspendEverywhere);

    private GatedGuest Guest => _bystander.Guest;

    public void Dispose()
    {
        _bystander.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void AResultThatDoesNotFitTheCallersDelegateFailsTheTask()
    {
        var f = Guest.Instantiate("""
            (func (export "f") (param externref) (result externref) (drop (call $wait (i32.const 0))) (local.get 0))
            """).GetFunction<Func<object, Task<string>>>("f");
        var (wrong, right) = (f(new Version(1, 2)), f("text"));
        Guest.Open(0);
        Assert.Equal(
            "Result 1 of f is a System.String, but WebAssembly passed a System.Version.", wrong.Failed<InvalidCastException>().Message);
        Assert.Equal("text", right.Completed());
        _bystander.AssertUnharmed();
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(30, 0)]
    [InlineData(30, 15)]
    [InlineData(30, 30)]
    [InlineData(900, 1)]
    [InlineData(900, 899)]
    public void ATrapInTheFirstInstructionAfterAResumption(int depth, int level)
    {
        // Each level divides by zero if it is the one, right when the level below has returned.
        var down = Guest.Instantiate("""
            (func $down (export "down") (param $n i32) (param $bad i32) (result i32)
              (i32.add
                (i32.ne (local.get $n) (local.get $bad))
                (i32.div_u
                  (if (result i32) (local.get $n)
                    (then (call $down (i32.sub (local.get $n) (i32.const 1)) (local.get $bad)))
                    (else (call $wait (i32.const 0))))
                  (i32.ne (local.get $n) (local.get $bad)))))
            """).GetFunction<Func<int, int, Task<int>>>("down");
        var (bad, good) = (down(depth, level), down(depth, -1));
        Guest.Open(0, 1);
        var trap = bad.Failed<ArithmeticTrapException>();
        Assert.Equal(TrapKind.IntegerDivideByZero, trap.Kind);
        Assert.StartsWith("integer divide by zero\n  at down", trap.Message, StringComparison.Ordinal);
        Assert.Equal(depth - level + 1, trap.WasmStack.Count);
        Assert.All(trap.WasmStack, frame => Assert.Equal("down", frame.FunctionName));
        Assert.Equal(depth + 2, good.Completed());
        _bystander.AssertUnharmed();
    }

    [Fact]
    public void StackExhaustionInAResumedFrameDropsTheFramesBelowIt()
    {
        var f = Guest.Instantiate("""
            (func $forever (param i32) (result i32) (i32.add (call $forever (i32.add (local.get 0) (i32.const 1))) (i32.const 1)))
            (func $inner (result i32) (call $forever (call $wait (i32.const 0))))
            (func $outer (export "f") (result i32)
              (block $caught (try_table (catch_all $caught) (return (i32.add (call $inner) (i32.const 1)))))
              (i32.const -1))
            """).GetFunction<Func<Task<int>>>("f");
        var call = f();
        Guest.Open(0);
        var trap = call.Failed<StackExhaustedException>();
        Assert.Equal(TrapKind.StackExhausted, trap.Kind);
        Assert.StartsWith("call stack exhausted\n  at forever", trap.Message, StringComparison.Ordinal);
        _bystander.AssertUnharmed();
    }

    [Fact]
    public void AHostFunctionThrowsInAResumedFrame()
    {
        var failure = new InvalidDataException("in a resumed frame");
        Guest.Linker.Define("env", "fail", int () => throw failure);
        var f = Guest.Instantiate("""
            (import "env" "fail" (func $fail (result i32)))
            (func $inner (result i32) (i32.add (call $wait (i32.const 5)) (call $fail)))
            (func (export "uncaught") (result i32) (i32.add (call $inner) (i32.const 1)))
            (func (export "caught") (param i32) (result i32)
              (block $caught (try_table (catch_all $caught) (return (call $inner))))
              (i32.add (local.get 0) (call $wait (i32.const 6))))
            """);
        var uncaught = f.GetFunction<Func<Task<int>>>("uncaught")();
        var caught = f.GetFunction<Func<int, Task<int>>>("caught")(70);
        Guest.Open(5);
        Assert.Same(failure, uncaught.Failed<InvalidDataException>());
        Assert.False(caught.IsCompleted);
        Guest.Open(6);
        Assert.Equal(76, caught.Completed());
        _bystander.AssertUnharmed();
    }

    [Fact]
    public void ALimiterThrowsInAResumedFrame()
    {
        var failure = new InvalidDataException("no answer");
        using var guest = new GatedGuest(suspendEverywhere, new StoreOptions { Limiter = new Refusal(failure) });
        var f = guest.Instantiate("""
            (memory 1)
            (func $grow (result i32) (memory.grow (call $wait (i32.const 5))))
            (func (export "uncaught") (result i32) (i32.add (call $grow) (i32.const 1)))
            (func (export "caught") (param i32) (result i32)
              (block $caught (try_table (catch_all $caught) (return (call $grow))))
              (local.get 0))
            """);
        var uncaught = f.GetFunction<Func<Task<int>>>("uncaught")();
        var caught = f.GetFunction<Func<int, Task<int>>>("caught")(70);
        guest.Open(5, Refusal.Pages);
        Assert.Same(failure, uncaught.Failed<InvalidDataException>());
        Assert.Same(failure, caught.Failed<InvalidDataException>());
        Assert.Empty(guest.Store.Fibers);
    }

    private sealed class Refusal(Exception failure) : ResourceLimiter
    {
        public const int Pages = 5;

        public override bool Allows(StoreResource resource, long current, long wanted) =>
            wanted - current == Pages * Memory.PageSize ? throw failure : true;
    }

    public sealed class Normally() : ResumedFrameTests(suspendEverywhere: false);

    public sealed class SuspendingEverywhere() : ResumedFrameTests(suspendEverywhere: true);
}
