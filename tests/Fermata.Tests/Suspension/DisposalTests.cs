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
            {
                try
                {
                    Assert.Equal(i, await calls[i].InTime());
                }
                catch (ObjectDisposedException)
                {
                }
            }
        }
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

    private static ObjectDisposedException Failed(Task call)
    {
        Assert.True(call.IsCompleted, "The call should have ended.");
        return Assert.ThrowsAny<ObjectDisposedException>(() => call.GetAwaiter().GetResult());
    }
}
