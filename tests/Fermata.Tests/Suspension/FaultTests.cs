using System.Threading.Tasks.Sources;

namespace Fermata.Tests.Suspension;

/// <summary>Everything that can fail while a call waits or goes on, in a store where another call waits; in both modes of the engine.</summary>
public abstract class FaultTests(bool suspendEverywhere) : IDisposable
{
    /// <summary>Five frames deep an import fails. The middle function catches that, waits, and returns to one that waits too.</summary>
    private const string Program = """
        (import "env" "fail" (func $fail (result i32)))
        (import "env" "tag" (tag $tag (param i32)))
        (import "host" "exception" (tag $host (param externref)))
        (global $caught (export "caught") (mut externref) (ref.null extern))
        (func $deep (export "deep") (param $n i32) (result i32)
          (if (result i32) (local.get $n)
            (then (i32.add (i32.const 1) (call $deep (i32.sub (local.get $n) (i32.const 1)))))
            (else (call $fail))))
        (func $middle (param $keep i32) (result i32)
          (block $all
            (block $ofTag (result i32)
              (block $ofHost (result externref)
                (try_table (catch $tag $ofTag) (catch $host $ofHost) (catch_all $all) (drop (call $deep (i32.const 5))))
                (unreachable))
              (global.set $caught)
              (return (i32.mul (local.get $keep) (call $wait (i32.const 0)))))
            (return (i32.add (call $wait (i32.const 0)))))
          (i32.sub (local.get $keep) (call $wait (i32.const 0))))
        (func (export "catching") (param $keep i32) (result i32)
          (i32.add (i32.mul (local.get $keep) (i32.const 1000)) (i32.add (call $middle (local.get $keep)) (call $wait (i32.const 1)))))
        """;

    private readonly Bystander _bystander = new(suspendEverywhere);
    private Instance? _instance;

    private GatedGuest Guest => _bystander.Guest;

    private Instance Instance => _instance!;

    public void Dispose()
    {
        _bystander.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>An import that fails with the exception, and what makes it fail if it does not do so at once.</summary>
    public static TheoryData<string, Func<Exception, (Delegate Import, Action Fail)>> WaysToFail => new()
    {
        { "throws", failure => (Task<int> () => throw failure, () => { }) },
        { "has failed", failure => (() => Task.FromException<int>(failure), () => { }) },
        { "fails", failure => Later(task => () => task, source => source.SetException(failure)) },
        { "fails in two ways", failure => Later(task => () => task, source => source.SetException([failure, new TimeoutException()])) },
        { "fails as a value task", failure => Later(task => () => new ValueTask<int>(task), source => source.SetException(failure)) },
        { "throws after waiting", failure => Later(task => async () => await task == 0 ? throw failure : 1, source => source.SetResult(0)) },
        { "cannot tell its result at once", failure => From(source => Finish(source, failure), _ => { }) },
        { "cannot tell its result later", failure => From(_ => { }, source => Wake(source, failure)) },
        { "cannot tell its state at once", failure => From(source => source.Status = () => throw failure, _ => { }) },
        { "cannot tell its state later", failure => From(_ => { }, source => Wake(source, failure, () => throw failure)) },
        { "cannot be waited for", failure => From(source => source.Waited = _ => throw failure, _ => { }) },
        { "cannot be waited for and calls back", failure => From(source => source.Waited = wake => { wake(); throw failure; }, _ => { }) },
    };

    [Theory]
    [MemberData(nameof(WaysToFail), DisableDiscoveryEnumeration = true)]
    public async Task AnImportFailsTheCall(string way, Func<Exception, (Delegate Import, Action Fail)> create)
    {
        var failure = new InvalidDataException(way);
        var (import, fail) = create(failure);
        Instantiate(import);
        var call = Instance.GetFunction<Func<int, Task<int>>>("deep")(3);
        fail();
        Assert.Same(failure, await Assert.ThrowsAsync<InvalidDataException>(() => call.InTime()));
        _bystander.AssertUnharmed();
    }

    [Theory]
    [MemberData(nameof(WaysToFail), DisableDiscoveryEnumeration = true)]
    public void AFunctionInTheMiddleCatchesThatAndTheFramesAboveAreGone(string way, Func<Exception, (Delegate Import, Action Fail)> create)
    {
        var failure = new InvalidDataException(way);
        var (import, fail) = create(failure);
        Instantiate(import);
        var call = Instance.GetFunction<Func<int, Task<int>>>("catching")(7);
        fail();
        AssertCaught(call, 7 * 10);
        Assert.Same(failure, Instance.GetGlobal("caught").Value.AsRef());
    }

    [Fact]
    public void AWebAssemblyExceptionOfTheRightTagIsCaughtAsThat()
    {
        var gate = new TaskCompletionSource<int>();
        var tag = Instantiate(() => gate.Task);
        var call = Instance.GetFunction<Func<int, Task<int>>>("catching")(7);
        gate.SetException(new WasmException(tag, 500));
        AssertCaught(call, 500 + 10);
    }

    [Fact]
    public void AWebAssemblyExceptionOfAnotherTagIsCaughtByWhatCatchesAll()
    {
        using var other = new Store(Guest.Engine);
        foreach (var stranger in new[] { new Tag(Guest.Store, ValType.I32), new Tag(other, ValType.I32), other.HostExceptionTag })
        {
            using var bystander = new Bystander(suspendEverywhere);
            var gate = new Gate();
            _instance = Instantiate(bystander.Guest, gate.Wait, out _);
            var failure = stranger == other.HostExceptionTag
                ? new WasmException(stranger, Value.FromRef("stranger", ValType.ExternRef))
                : new WasmException(stranger, 5);
            var uncaught = Instance.GetFunction<Func<int, Task<int>>>("deep")(3);
            var caught = Instance.GetFunction<Func<int, Task<int>>>("catching")(7);
            gate.Fail(failure);
            Assert.Same(failure, uncaught.Failed<WasmException>());
            AssertCaught(bystander, caught, 7 - 10);
        }
    }

    [Fact]
    public void ATaskThatIsCancelledWithSomebodyElsesTokenIsAHostException()
    {
        using var source = new CancellationTokenSource();
        using var own = new CancellationTokenSource();
        source.Cancel();
        var gate = new Gate();
        Instantiate(gate.Wait);
        var uncaught = Instance.GetFunction<Func<int, CancellationToken, Task<int>>>("deep")(3, own.Token);
        var caught = Instance.GetFunction<Func<int, CancellationToken, Task<int>>>("catching")(7, own.Token);
        gate.Cancel(source.Token);
        Assert.True(uncaught.IsCanceled);
        Assert.Equal(source.Token, Assert.ThrowsAny<OperationCanceledException>(() => uncaught.GetAwaiter().GetResult()).CancellationToken);
        AssertCaught(caught, 7 * 10);
        Assert.Equal(source.Token, Assert.IsType<TaskCanceledException>(Instance.GetGlobal("caught").Value.AsRef()).CancellationToken);
    }

    [Fact]
    public void ATaskOfAnExceptionThatIsNullIsOneThatFailsWithWhatDotNetMakesOfIt()
    {
        var gate = new TaskCompletionSource<int>();
        Instantiate(() => gate.Task);
        var call = Instance.GetFunction<Func<int, Task<int>>>("catching")(7);
        Assert.Throws<ArgumentNullException>(() => gate.SetException((Exception)null!));
        Assert.False(call.IsCompleted);
        gate.SetException(new NullReferenceException());
        AssertCaught(call, 7 * 10);
        Assert.IsType<NullReferenceException>(Instance.GetGlobal("caught").Value.AsRef());
    }

    [Fact]
    public void AResultThatDoesNotFitCanBeCaught()
    {
        var gate = new TaskCompletionSource<Function>();
        Guest.Linker.Define("env", "choose", () => gate.Task);
        var f = Guest.Instantiate("""
            (type $t (func (param i32) (result i32)))
            (import "env" "choose" (func $choose (result (ref null $t))))
            (func $inner (result i32) (call_ref $t (i32.const 1) (call $choose)))
            (func (export "f") (result i32)
              (block $caught (try_table (catch_all $caught) (return (call $inner))))
              (call $wait (i32.const 0)))
            """).GetFunction<Func<Task<int>>>("f");
        var call = f();
        gate.SetResult(Function.Create(Guest.Store, (long a) => a));
        Assert.False(call.IsCompleted);
        Guest.Open(0, 6);
        Assert.Equal(6, call.Completed());
        _bystander.AssertUnharmed();
    }

    [Fact]
    public void ATrapThatManyCallsShareDoesNotGrowWithoutEnd()
    {
        var gate = new Gate();
        Instantiate(gate.Wait);
        var deep = Instance.GetFunction<Func<int, Task<int>>>("deep");
        var calls = Enumerable.Range(0, 50).Select(_ => deep(100)).ToList();
        var trap = Guest.Instantiate("""(func (export "trap") unreachable)""").GetFunction("trap").InvokeAsync().Failed<TrapException>();
        gate.Fail(trap);
        Assert.All(calls, call => Assert.Same(trap, call.Failed<TrapException>()));
        Assert.InRange(trap.WasmStack.Count, 1 + 101, 1_000 + 101);
        Assert.StartsWith("unreachable\n  at trap\n  at deep\n", trap.Message, StringComparison.Ordinal);
        _bystander.AssertUnharmed();
    }

    private static (Delegate Import, Action Fail) Later(Func<Task<int>, Delegate> import, Action<TaskCompletionSource<int>> fail)
    {
        var source = new TaskCompletionSource<int>();
        return (import(source.Task), () => fail(source));
    }

    private static (Delegate Import, Action Fail) From(Action<UnrulySource> prepare, Action<UnrulySource> fail)
    {
        var source = new UnrulySource();
        prepare(source);
        return (() => source.Task, () => fail(source));
    }

    private static void Finish(UnrulySource source, Exception failure, Func<ValueTaskSourceStatus>? status = null)
    {
        source.Status = status ?? (() => ValueTaskSourceStatus.Faulted);
        source.Result = () => throw failure;
    }

    private static void Wake(UnrulySource source, Exception failure, Func<ValueTaskSourceStatus>? status = null)
    {
        Finish(source, failure, status);
        Assert.Single(source.Continuations)();
    }

    private Tag Instantiate(Delegate fail)
    {
        _instance = Instantiate(Guest, fail, out var tag);
        return tag;
    }

    private static Instance Instantiate(GatedGuest guest, Delegate fail, out Tag tag)
    {
        tag = new Tag(guest.Store, ValType.I32);
        guest.Linker.Define("env", "fail", fail).Define("env", "tag", tag).Define("host", "exception", guest.Store.HostExceptionTag);
        return guest.Instantiate(Program);
    }

    private void AssertCaught(Task<int> call, int result) => AssertCaught(_bystander, call, result);

    /// <summary>That a call of "catching" with 7, which caught the failure, still waits in its two functions and ends.</summary>
    private static void AssertCaught(Bystander bystander, Task<int> call, int result)
    {
        // A failure to wait is noticed when the turn is given back, on another thread.
        Assert.True(SpinWait.SpinUntil(() => bystander.Guest.Waits == 2, TimeSpan.FromMinutes(5)), "The call should wait again.");
        Assert.False(call.IsCompleted);
        bystander.Guest.Open(0, 10);
        Assert.True(SpinWait.SpinUntil(() => bystander.Guest.Waits == 3, TimeSpan.FromMinutes(5)), "The call should wait once more.");
        bystander.Guest.Open(1, 1);
        Assert.True(SpinWait.SpinUntil(() => call.IsCompleted, TimeSpan.FromMinutes(5)), "The call should end.");
        Assert.Equal(7_000 + result + 1, call.Completed());
        bystander.AssertUnharmed();
    }

    public sealed class Normally() : FaultTests(suspendEverywhere: false);

    public sealed class SuspendingEverywhere() : FaultTests(suspendEverywhere: true);
}
