namespace Fermata.Tests.Threads;

/// <summary>Waiting under calls that are not promising, which holds the thread, and what notifying returns.</summary>
public sealed class WaitTests : IDisposable
{
    private const string Program = """
        (func (export "wait32") (param i32 i32 i64) (result i32) (memory.atomic.wait32 offset=8 (local.get 0) (local.get 1) (local.get 2)))
        (func (export "wait64") (param i32 i64 i64) (result i32) (memory.atomic.wait64 offset=8 (local.get 0) (local.get 1) (local.get 2)))
        (func (export "notify") (param i32 i32) (result i32) (memory.atomic.notify offset=8 (local.get 0) (local.get 1)))
        """;

    private const int Ok = 0;
    private const int NotEqual = 1;
    private const int TimedOut = 2;

    private readonly SharedGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData(1, -1L, NotEqual)]
    [InlineData(0, 0L, TimedOut)]
    [InlineData(0, 1L, TimedOut)]
    [InlineData(0, 2_000_000L, TimedOut)]
    public void AWaitThatNobodyEndsHasAResult(int expected, long timeout, int result)
    {
        var instance = _guest.Instantiate(Program);
        Assert.Equal(result, instance.GetFunction<Func<int, int, long, int>>("wait32")(0, expected, timeout));
        Assert.Equal(result, instance.GetFunction<Func<int, long, long, int>>("wait64")(0, (long)expected << 32, timeout));
        Assert.Equal(0, _guest.Memory.Notify(8));
    }

    [Fact]
    public void AnotherStoreWakesAThread()
    {
        var waiter = _guest.Instantiate(Program).GetFunction<Func<int, int, long, int>>("wait32");
        var notify = _guest.Instantiate(Program).GetFunction<Func<int, int, int>>("notify");
        Action wait = () => Assert.Equal(Ok, waiter(0, 0, -1));
        Action wake = () =>
        {
            Assert.Equal(0, notify(0, 0));
            while (notify(0, 1) == 0)
                Assert.Equal(0, notify(4, -1));
        };
        SharedGuest.RunOnThreads([wait, wake], run => run());
        Assert.Equal(0, notify(0, -1));
    }

    [Fact]
    public void ATimeoutOfAgesHasNoEnd()
    {
        var wait = _guest.Instantiate(Program).GetFunction<Func<int, int, long, int>>("wait32");
        Action[] threads = [() => Assert.Equal(Ok, wait(0, 0, long.MaxValue)), () => _guest.NotifyOne(8)];
        SharedGuest.RunOnThreads(threads, run => run());
    }

    [Fact]
    public void BadAddressesTrap()
    {
        var instance = _guest.Instantiate(Program);
        var wait32 = instance.GetFunction<Func<int, int, long, int>>("wait32");
        var wait64 = instance.GetFunction<Func<int, long, long, int>>("wait64");
        var notify = instance.GetFunction<Func<int, int, int>>("notify");
        AssertTrap(TrapKind.OutOfBoundsMemoryAccess, () => wait32(65528, 0, 0));
        AssertTrap(TrapKind.OutOfBoundsMemoryAccess, () => wait64(65524, 0, 0));
        AssertTrap(TrapKind.OutOfBoundsMemoryAccess, () => notify(-8, 0));
        AssertTrap(TrapKind.UnalignedAtomic, () => wait32(2, 0, 0));
        AssertTrap(TrapKind.UnalignedAtomic, () => wait64(4, 0, 0));
        AssertTrap(TrapKind.UnalignedAtomic, () => notify(1, 0));
    }

    [Fact]
    public void AtAnUnsharedMemoryNobodyWaits()
    {
        using var store = new Store(_guest.Engine);
        var instance = new Linker(_guest.Engine).Instantiate(store, Module.Parse(_guest.Engine, "(memory (export \"m\") 1)" + Program));
        AssertTrap(TrapKind.ExpectedSharedMemory, () => instance.GetFunction<Func<int, int, long, int>>("wait32")(0, 1, 0));
        Assert.Equal(0, instance.GetFunction<Func<int, int, int>>("notify")(0, -1));
        AssertTrap(TrapKind.UnalignedAtomic, () => instance.GetFunction<Func<int, int, int>>("notify")(1, -1));
        Assert.Equal(0, instance.GetMemory("m").Notify(0));
    }

    [Fact]
    public async Task LongAddressesAndOtherMemoriesAreWaitedAtToo()
    {
        using var store = new Store(_guest.Engine);
        var instance = new Linker(_guest.Engine).Instantiate(store, Module.Parse(_guest.Engine, """
            (memory 1 1 shared) (memory $m (export "m") i64 1 1 shared)
            (func (export "wait") (param i64) (result i32) (memory.atomic.wait32 $m offset=8 (local.get 0) (i32.const 0) (i64.const -1)))
            (func (export "notify") (param i64) (result i32)
              (i32.add (memory.atomic.notify (i32.const 8) (i32.const 9)) (memory.atomic.notify $m offset=8 (local.get 0) (i32.const 1))))
            """));
        var wait = instance.GetFunction<Func<long, Task<int>>>("wait")(0);
        Assert.Equal(1, instance.GetFunction<Func<long, int>>("notify")(0));
        Assert.Equal(0, await wait.WaitAsync(TimeSpan.FromMinutes(5)));
        AssertTrap(TrapKind.OutOfBoundsMemoryAccess, () => instance.GetFunction<Func<long, int>>("notify")(-8));
    }

    [Fact]
    public void TheHostNotifiesInsideTheMemoryOnly()
    {
        Assert.Throws<ArgumentOutOfRangeException>("count", () => _guest.Memory.Notify(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>("address", () => _guest.Memory.Notify(65536, 1));
    }

    [Fact]
    public void ACancelledCallDoesNotHoldItsThreadInAWait()
    {
        using var source = new CancellationTokenSource();
        var instance = _guest.Instantiate("""
            (func (export "f") (result i32)
              (block $caught (try_table (catch_all $caught)
                (return (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1)))))
              (i32.const 7))
            """);
        source.CancelAfter(20);
        Assert.ThrowsAny<OperationCanceledException>(() => instance.GetFunction("f").Invoke([], source.Token));
        Assert.Equal(0, _guest.Memory.Notify(8));
    }

    [Fact]
    public void DisposingAStoreEndsTheWaitOfItsThread()
    {
        var instance = _guest.Instantiate("""
            (func (export "f")
              (i32.atomic.store (i32.const 0) (i32.const 1))
              (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1))))
            """);
        Action wait = () => Assert.ThrowsAny<ObjectDisposedException>(() => instance.GetFunction("f").Invoke());
        Action dispose = () =>
        {
            SpinWait.SpinUntil(() => Volatile.Read(ref _guest.Memory.Span[0]) == 1);
            instance.Store.Dispose();
        };
        SharedGuest.RunOnThreads([wait, dispose], run => run());
        Assert.Equal(0, _guest.Memory.Notify(8));
    }

    [Fact]
    public void AnInterruptedThreadWaitsNoLonger()
    {
        var wait = _guest.Instantiate(Program).GetFunction<Func<int, int, long, int>>("wait32");

        // The code is there before, so that the thread is interrupted in nothing else.
        Assert.Equal(TimedOut, wait(0, 0, 1));
        var thread = new Thread(() => Assert.Throws<ThreadInterruptedException>(() => wait(0, 0, -1)));
        thread.Start();
        Assert.True(SpinWait.SpinUntil(() => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin), TimeSpan.FromMinutes(5)));
        thread.Interrupt();
        Assert.True(thread.Join(TimeSpan.FromMinutes(5)));
        Assert.Equal(0, _guest.Memory.Notify(8));
    }

    private static void AssertTrap(TrapKind kind, Action act) => Assert.Equal(kind, Assert.Throws<MemoryTrapException>(act).Kind);
}
