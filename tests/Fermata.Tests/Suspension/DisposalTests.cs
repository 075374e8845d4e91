using System.Runtime.CompilerServices;

namespace Fermata.Tests.Suspension;

/// <summary>What becomes of the calls of a store that is disposed.</summary>
public sealed class DisposalTests : IDisposable
{
    private const string Program = """(func (export "f") (param i32) (result i32) (call $wait (local.get 0)))""";

    private readonly GatedGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void SuspendedCallsEndAtOnceAndTheirTasksMayCompleteLater()
    {
        var f = _guest.Instantiate(Program).GetFunction<Func<int, CancellationToken, Task<int>>>("f");
        using var source = new CancellationTokenSource();
        Task<int>[] calls = [f(0, CancellationToken.None), f(1, source.Token), f(2, CancellationToken.None)];
        _guest.Store.Dispose();
        Assert.All(calls, call => Assert.Equal(typeof(Store).FullName, Failed(call).ObjectName));
        source.Cancel();
        _guest.Open(0);
        _guest.Open(1);
        Failed(f(2, CancellationToken.None));
    }

    [Fact]
    public void DisposingTwiceIsAllowed()
    {
        var call = _guest.Instantiate(Program).GetFunction<Func<int, Task<int>>>("f")(0);
        _guest.Store.Dispose();
        _guest.Store.Dispose();
        Failed(call);
    }

    [Fact]
    public void ACallThatIsSuspendedForTheSecondTimeEndsToo()
    {
        var f = _guest.Instantiate("""
            (func (export "f") (param i32) (result i32) (call $wait (call $wait (local.get 0))))
            """).GetFunction<Func<int, Task<int>>>("f");
        var call = f(0);
        _guest.Open(0, 1);
        Assert.False(call.IsCompleted);
        _guest.Store.Dispose();
        Failed(call);
    }

    [Fact]
    public void NothingIsKeptOfACallWhoseTaskNeverCompletes()
    {
        var (thing, call) = Hold();
        _guest.Store.Dispose();
        Failed(call);
        Collect();
        Assert.False(thing.IsAlive);
        GC.KeepAlive(_guest.Gate(0));
    }

    [Fact]
    public void ACallThatNothingCouldResumeEndsToo()
    {
        _guest.Linker.Define("env", "never", static () => new TaskCompletionSource().Task);
        var f = _guest.Instantiate("""(import "env" "never" (func $never)) (func (export "f") (call $never))""").GetFunction<Func<Task>>("f");
        var awaiting = Await(f());
        Collect();
        Assert.Equal("env.never", Assert.Single(_guest.Store.Fibers).WaitsFor);
        _guest.Store.Dispose();
        Failed(awaiting);

        static async Task Await(Task call) => await call.ConfigureAwait(false);
    }

    [Fact]
    public async Task TasksThatCompleteMeanwhileEndNothingTwice()
    {
        for (var round = 0; round < 50; round++)
        {
            using var guest = new GatedGuest();
            var f = guest.Instantiate(Program).GetFunction<Func<int, Task<int>>>("f");
            var calls = Enumerable.Range(0, 40).Select(f).ToArray();
            var opening = Task.Run(() => Enumerable.Range(0, 40).ToList().ForEach(guest.Open));
            guest.Store.Dispose();
            await opening.InTime();
            for (var i = 0; i < calls.Length; i++)
                await AssertEnded(calls[i], i);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AHostFunctionThatDisposesTheStoreOfItsCallFails(bool isAsync)
    {
        using var bystander = new Bystander();
        var guest = bystander.Guest;
        guest.Linker.Define("env", "dispose", isAsync ? DisposeAsync : (Delegate)guest.Store.Dispose);
        var instance = guest.Instantiate("""
            (import "env" "dispose" (func $dispose))
            (func (export "uncaught") (drop (call $wait (i32.const 0))) (call $dispose))
            (func (export "caught") (param i32) (result i32)
              (block $caught (try_table (catch_all $caught) (call $dispose)))
              (i32.add (local.get 0) (call $wait (i32.const 1))))
            """);
        var uncaught = instance.GetFunction<Func<Task>>("uncaught")();
        var caught = instance.GetFunction<Func<int, Task<int>>>("caught")(10);
        guest.Open(0);
        Assert.Equal(
            "A store cannot be disposed by a host function that its own WebAssembly code called.",
            uncaught.Failed<InvalidOperationException>().Message);
        Assert.False(caught.IsCompleted);
        guest.Open(1, 5);
        Assert.Equal(15, caught.Completed());
        bystander.AssertUnharmed();

        async Task DisposeAsync()
        {
            await Task.CompletedTask;
            guest.Store.Dispose();
        }
    }

    [Fact]
    public void AnAsyncHostFunctionMayDisposeTheStoreAfterItsFirstAwait()
    {
        var afterwards = 0;
        _guest.Linker.Define("env", "dispose", async () =>
        {
            await _guest.Gate(0).Wait();
            _guest.Store.Dispose();
            afterwards++;
        });
        var instance = _guest.Instantiate("""
            (import "env" "dispose" (func $dispose))
            (func (export "f") (block $caught (try_table (catch_all $caught) (call $dispose))))
            (func (export "g") (param i32) (result i32) (call $wait (local.get 0)))
            """);
        var own = instance.GetFunction<Func<Task>>("f")();
        var other = instance.GetFunction<Func<int, Task<int>>>("g")(1);
        _guest.Open(0);
        Assert.Equal(1, afterwards);
        Assert.Equal(typeof(Store).FullName, Failed(own).ObjectName);
        Assert.Equal(typeof(Store).FullName, Failed(other).ObjectName);
    }

    [Fact]
    public async Task WhoAwaitsACallMayDisposeTheStoreWhileOthersAreQueued()
    {
        for (var round = 0; round < 50; round++)
        {
            using var guest = new GatedGuest();
            guest.Linker.Define("env", "open", () => Task.Run(() => Enumerable.Range(1, 9).ToList().ForEach(guest.Open)).Wait());
            var instance = guest.Instantiate("""
                (import "env" "open" (func $open))
                (func (export "first") (drop (call $wait (i32.const 0))) (call $open))
                (func (export "f") (param i32) (result i32) (call $wait (local.get 0)))
                """);
            var disposing = instance.GetFunction<Func<Task>>("first")().ContinueWith(
                _ => guest.Store.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            var f = instance.GetFunction<Func<int, Task<int>>>("f");
            var calls = Enumerable.Range(1, 9).Select(f).ToList();
            guest.Open(0);
            await disposing.InTime();
            for (var i = 0; i < calls.Count; i++)
                await AssertEnded(calls[i], i + 1);
        }
    }

    [Theory]
    [InlineData("ends")]
    [InlineData("waits")]
    [InlineData("spins")]
    public async Task ACallThatGoesOnOnAnotherThreadEndsBeforeItsStoreIsGone(string what)
    {
        using var isInside = new ManualResetEventSlim();
        using var mayLeave = new ManualResetEventSlim();
        _guest.Linker.Define("env", "inside", () =>
        {
            isInside.Set();
            mayLeave.Wait();
        });
        var instance = _guest.Instantiate("""
            (import "env" "inside" (func $inside))
            (memory 1)
            (func (export "ends") (result i32)
              (i32.store (i32.const 0) (call $wait (i32.const 0))) (call $inside) (i32.load (i32.const 0)))
            (func (export "waits") (result i32)
              (block $caught (try_table (catch_all $caught)
                (drop (call $wait (i32.const 0))) (call $inside) (return (call $wait (i32.const 1)))))
              (i32.const -1))
            (func (export "spins") (result i32)
              (drop (call $wait (i32.const 0))) (call $inside)
              (loop $forever (i32.store (i32.const 0) (i32.const 1)) (br $forever)) (unreachable))
            """);
        var call = instance.GetFunction<Func<Task<int>>>(what)();
        var opening = Task.Run(() => _guest.Open(0, 7));
        isInside.Wait();
        var disposer = new Thread(_guest.Store.Dispose);
        disposer.Start();
        Assert.True(SpinWait.SpinUntil(() => disposer.ThreadState.HasFlag(ThreadState.WaitSleepJoin), TimeSpan.FromMinutes(5)));
        Assert.False(call.IsCompleted);
        mayLeave.Set();
        Assert.True(disposer.Join(TimeSpan.FromMinutes(5)));
        await opening.InTime();
        Assert.Equal(typeof(Store).FullName, (await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => call.InTime())).ObjectName);
    }

    private static void Collect()
    {
        for (var i = 0; i < 5; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (WeakReference Thing, Task Call) Hold()
    {
        var thing = new object();
        var hold = _guest.Instantiate("""
            (func (export "hold") (param externref) (result externref) (drop (call $wait (i32.const 0))) (local.get 0))
            """).GetFunction<Func<object, Task<object>>>("hold");
        return (new WeakReference(thing), hold(thing));
    }

    private static async Task AssertEnded(Task<int> call, int result)
    {
        try
        {
            Assert.Equal(result, await call.InTime());
        }
        catch (ObjectDisposedException exception)
        {
            Assert.Equal(typeof(Store).FullName, exception.ObjectName);
        }
    }

    private static ObjectDisposedException Failed(Task call)
    {
        Assert.True(call.IsCompleted, "The call should have ended.");
        return Assert.ThrowsAny<ObjectDisposedException>(() => call.GetAwaiter().GetResult());
    }
}
