using Fermata.Tests.Suspension;

namespace Fermata.Tests.Threads;

/// <summary>Locks in linear memory, as C libraries make them, protect what is not atomic.</summary>
public sealed class MutexTests
{
    /// <summary>The mutex at 0: 0 free, 1 held, 2 held and waited for. The counter at 8.</summary>
    private const string Mutex = """
        (func $lock (local $state i32)
          (local.set $state (i32.atomic.rmw.cmpxchg (i32.const 0) (i32.const 0) (i32.const 1)))
          (if (i32.eqz (local.get $state)) (then (return)))
          (if (i32.ne (local.get $state) (i32.const 2)) (then (local.set $state (i32.atomic.rmw.xchg (i32.const 0) (i32.const 2)))))
          (block $done
            (loop $again
              (br_if $done (i32.eqz (local.get $state)))
              (drop (memory.atomic.wait32 (i32.const 0) (i32.const 2) (i64.const -1)))
              (local.set $state (i32.atomic.rmw.xchg (i32.const 0) (i32.const 2)))
              (br $again))))
        (func $unlock
          (if (i32.ne (i32.atomic.rmw.sub (i32.const 0) (i32.const 1)) (i32.const 1)) (then
            (i32.atomic.store (i32.const 0) (i32.const 0))
            (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))))
        """;

    private const string SpinLock = """
        (func $lock
          (loop $again (br_if $again (i32.atomic.rmw8.cmpxchg_u (i32.const 0) (i32.const 0) (i32.const 1)))))
        (func $unlock (i32.atomic.store8 (i32.const 0) (i32.const 0)))
        """;

    private const string Run = """
        (func (export "run") (param $times i32)
          (loop $again
            (call $lock)
            (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1)))
            (call $unlock)
            (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))
        """;

    [Theory]
    [InlineData(Mutex)]
    [InlineData(SpinLock)]
    public void FourThreadsCountTogether(string program)
    {
        using var guest = new SharedGuest();
        var runs = Enumerable.Range(0, 4).Select(_ => guest.Instantiate(program + Run).GetFunction<Action<int>>("run")).ToList();
        SharedGuest.RunOnThreads(runs, run => run(5_000));
        Assert.Equal(20_000, guest.Memory.Read<int>(8));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, 4)]
    public async Task SuspendedCallsCountTogether(bool suspendEverywhere, int stores)
    {
        // Each call is suspended while it holds the mutex, so that the others come to wait for it.
        const string Import = """(import "env" "yield" (func $yield)) """;
        const string Suspending = """
            (func (export "run") (param $times i32) (local $counter i32)
              (loop $again
                (call $lock)
                (local.set $counter (i32.load (i32.const 8)))
                (call $yield)
                (i32.store (i32.const 8) (i32.add (local.get $counter) (i32.const 1)))
                (call $unlock)
                (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))
            """;
        using var guest = new SharedGuest(suspendEverywhere);
        Func<Task> yield = async () => await Task.Yield();
        var runs = Enumerable.Range(0, stores)
            .Select(_ => guest.Instantiate(Import + Mutex + Suspending, ("yield", yield)).GetFunction<Func<int, Task>>("run")).ToList();

        await Task.WhenAll(Enumerable.Range(0, 48).Select(i => runs[i % stores](20))).InTime();

        Assert.Equal(48 * 20, guest.Memory.Read<int>(8));
        Assert.Equal(0, guest.Memory.Read<int>(0));
    }
}
