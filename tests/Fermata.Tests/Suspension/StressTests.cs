using System.Globalization;

namespace Fermata.Tests.Suspension;

/// <summary>
/// 64 stores on all cores, in each of which several callers make calls of all kinds at once, at random. FERMATA_STRESS_SECONDS says for how long; 2 seconds
/// otherwise.
/// </summary>
public sealed class StressTests
{
    private const int Stores = 64;
    private const int CallersPerStore = 4;

    private const string Program = """
        (import "env" "wait" (func $wait (param i32) (result i32)))
        (import "env" "fail" (func $fail (param i32) (result i32)))
        (import "env" "back" (func $back (param i32) (result i32)))
        (import "env" "never" (func $never))
        (func $work (export "work") (param $n i32) (result i32) (local $sum i32)
          (loop $again
            (local.set $sum (i32.add (local.get $sum) (call $wait (local.get $n))))
            (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
          (local.get $sum))
        (func $deep (export "deep") (param $n i32) (result i32)
          (if (result i32) (local.get $n)
            (then (i32.add (i32.const 1) (call $deep (i32.sub (local.get $n) (i32.const 1)))))
            (else (call $wait (i32.const 7)))))
        (func (export "spin") (param $n i32) (result i32) (local $sum i32)
          (loop $again
            (local.set $sum (i32.add (local.get $sum) (local.get $n)))
            (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
          (local.get $sum))
        (func (export "catches") (param $n i32) (result i32)
          (block $caught (try_table (catch_all $caught) (return (call $fail (local.get $n)))))
          (i32.add (local.get $n) (call $wait (i32.const 1))))
        (func (export "traps") (param $n i32) (result i32) (i32.div_s (call $wait (local.get $n)) (i32.const 0)))
        (func (export "nested") (param $n i32) (result i32) (i32.add (call $back (local.get $n)) (call $wait (local.get $n))))
        (func (export "hangs") (call $never))
        """;

    private static TimeSpan Length => TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable("FERMATA_STRESS_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 2);

    [Fact]
    public async Task ManyStoresOnAllCores()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        var engine = new Engine();
        var module = Module.Parse(engine, Program);
        using var end = new CancellationTokenSource(Length);
        await Task.WhenAll(Enumerable.Range(0, Stores).Select(number => Task.Run(() => RunStore(module, number, end.Token)))).WaitAsync(Length + TaskAssertions.LongEnough);
    }

    private static async Task RunStore(Module module, int number, CancellationToken end)
    {
        using var store = new Store(module.Engine, new StoreOptions { TimeSlice = TimeSpan.FromMilliseconds(1) });

        // Something must refer to it: else the call that waits for it is collected.
        var never = new TaskCompletionSource();
        var linker = new Linker(module.Engine)
            .Define("env", "wait", async (int value) =>
            {
                await Pause(Random.Shared).ConfigureAwait(false);
                return value;
            })
            .Define("env", "fail", async Task<int> (int value) =>
            {
                if (value % 2 == 0)
                    await Pause(Random.Shared).ConfigureAwait(false);
                throw new InvalidDataException($"{value}");
            })
            .Define("env", "back", async (Caller caller, int value) => (await caller.GetFunction("work").InvokeAsync(value).ConfigureAwait(false))[0].AsI32())
            .Define("env", "never", () => never.Task);
        var instance = linker.Instantiate(store, module, CancellationToken.None);
        var hanging = instance.GetFunction("hangs").InvokeAsync([], CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, CallersPerStore).Select(caller => Task.Run(() => MakeCalls(instance, new Random(number * CallersPerStore + caller), end))));
        Assert.False(hanging.IsCompleted);

        // Besides, there may be calls that host functions made for calls that were cancelled.
        Assert.Single(store.Fibers, fiber => fiber.WaitsFor == "env.never");
        store.Dispose();
        await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => hanging);
        GC.KeepAlive(never);
    }

    private static async Task MakeCalls(Instance instance, Random random, CancellationToken end)
    {
        do
        {
            var n = random.Next(1, 20);
            switch (random.Next(8))
            {
                case 0:
                    Assert.Equal(Sum(n), await Call(instance, "work", n));
                    break;
                case 1:
                    n = random.Next(0, 60_000);
                    Assert.Equal(n + 7, await Call(instance, "deep", n));
                    break;
                case 2:
                    n = random.Next(1, 2_000_000);
                    Assert.Equal(Sum(n), await Call(instance, "spin", n));
                    break;
                case 3:
                    Assert.Equal(Sum(n), instance.GetFunction("spin").Invoke([n], CancellationToken.None)[0].AsI32());
                    break;
                case 4:
                    Assert.Equal(n + 1, await Call(instance, "catches", n));
                    break;
                case 5:
                    Assert.Equal(TrapKind.IntegerDivideByZero, (await Assert.ThrowsAsync<ArithmeticTrapException>(() => Call(instance, "traps", n))).Kind);
                    break;
                case 6:
                    Assert.Equal(Sum(n) + n, await Call(instance, "nested", n));
                    break;
                default:
                    await CallAndCancel(instance, random, n);
                    break;
            }
        }
        while (!end.IsCancellationRequested);
    }

    private static async Task CallAndCancel(Instance instance, Random random, int n)
    {
        using var source = new CancellationTokenSource(random.Next(0, 4));
        var (name, expected) = random.Next(3) switch
        {
            0 => ("work", Sum(n)),
            1 => ("nested", Sum(n) + n),
            _ => ("catches", n + 1),
        };
        try
        {
            Assert.Equal(expected, (await instance.GetFunction(name).InvokeAsync([n], source.Token))[0].AsI32());
        }
        catch (OperationCanceledException exception)
        {
            Assert.Equal(source.Token, exception.CancellationToken);
        }
    }

    private static async Task<int> Call(Instance instance, string name, int argument) =>
        (await instance.GetFunction(name).InvokeAsync(argument).ConfigureAwait(false))[0].AsI32();

    /// <summary>Complete at once, soon on this thread's queue, on any thread, or after a while.</summary>
    private static async ValueTask Pause(Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                break;
            case 1:
                await Task.Yield();
                break;
            case 2:
                await Task.Run(() => Thread.SpinWait(100)).ConfigureAwait(false);
                break;
            default:
                await Task.Delay(1).ConfigureAwait(false);
                break;
        }
    }

    private static int Sum(int n) => unchecked((int)((long)n * (n + 1) / 2));
}
