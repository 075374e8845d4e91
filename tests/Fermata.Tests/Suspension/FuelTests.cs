namespace Fermata.Tests.Suspension;

/// <summary>A budget of instructions.</summary>
public sealed class FuelTests : IDisposable
{
    private const string Program = """
        (func (export "loop") (param i32) (result i32) (local i32)
          (loop $again
            (local.set 1 (i32.add (local.get 1) (local.get 0)))
            (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
          (local.get 1))
        (func $fib (export "fib") (param i32) (result i32)
          (if (result i32) (i32.lt_u (local.get 0) (i32.const 2)) (then (local.get 0))
            (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
        (func (export "endless") (loop $again (br $again)))
        (func (export "catches") (loop $again (block $caught (try_table (catch_all $caught) (loop $inner (br $inner)))) (br $again)))
        """;

    private readonly Engine _engine = new(new EngineOptions { UsesFuel = true });
    private readonly Store _store;
    private readonly Instance _instance;

    public FuelTests()
    {
        _store = new Store(_engine);
        _instance = Instantiate(_store);
    }

    public void Dispose() => _store.Dispose();

    [Fact]
    public void EachInstructionTakesOne()
    {
        // Nine instructions a round, and the last local.get.
        _store.Fuel = 1_000;
        Assert.Equal(55, _instance.GetFunction("loop").Invoke(10)[0].AsI32());
        Assert.Equal(1_000 - 91, _store.Fuel);
    }

    [Fact]
    public void WorkOnARangeIsPaidForByItsLength()
    {
        var instance = new Linker(_engine).Instantiate(_store, Module.Parse(_engine, """
            (memory 4) (table 1000 funcref) (type $a (array (mut i64)))
            (func (export "fill") (param i32) (memory.fill (i32.const 0) (i32.const 7) (local.get 0)))
            (func (export "copy") (param i32) (memory.copy (i32.const 1) (i32.const 0) (local.get 0)))
            (func (export "table") (param i32) (table.fill (i32.const 0) (ref.null func) (local.get 0)))
            (func (export "array") (param i32) (drop (array.new $a (i64.const 1) (local.get 0))))
            (func (export "zeros") (param i32) (drop (array.new_default $a (local.get 0))))
            (table $t 0 funcref)
            (func (export "grow") (param i32) (drop (table.grow $t (ref.null func) (local.get 0))))
            """));
        long Cost(string name, int length)
        {
            _store.Fuel = 100_000;
            instance.GetFunction(name).Invoke(length);
            return 100_000 - _store.Fuel;
        }

        Assert.Equal([4, 4 + 1, 4 + 2_000], [Cost("fill", 63), Cost("fill", 127), Cost("fill", 128_000)]);
        Assert.Equal([4, 4 + 2_000], [Cost("copy", 0), Cost("copy", 128_000)]);
        Assert.Equal(4 + 125, Cost("table", 1_000));
        Assert.Equal(4 + 125, Cost("array", 1_000));

        // What .NET clears is paid for where it is much.
        Assert.Equal([3, 3 + 10_003], [Cost("zeros", 8_000), Cost("zeros", 80_024)]);
        Assert.Equal([4, 4 + 10_003], [Cost("grow", 8_000), Cost("grow", 80_024)]);
        _store.Fuel = 1_000;
        Assert.Equal(TrapKind.OutOfFuel, Assert.Throws<TrapException>(() => instance.GetFunction("fill").Invoke(200_000)).Kind);
    }

    [Fact]
    public void ATableDoesNotGrowIfThereIsNoFuelToFillIt()
    {
        using var store = new Store(_engine, new StoreOptions { Limiter = new StoreLimits { MaxTableElements = 19_001 } }) { Fuel = 100_000 };
        var instance = new Linker(_engine).Instantiate(store, Module.Parse(_engine, """
            (table $t (export "table") 10000 eqref)
            (func (export "fill") (param i32) (result i32) (table.grow $t (ref.i31 (i32.const 1)) (local.get 0)))
            (func (export "grow") (param i32) (result i32) (table.grow $t (ref.null eq) (local.get 0)))
            """));
        int Grow(string name, int count) => instance.GetFunction(name).Invoke(count)[0].AsI32();

        // There is room for the elements that come next, then, and the fuel is used up when most of them are filled.
        Assert.Equal(10_000, Grow("grow", 1));
        store.Fuel = 4 + (9_000 / 8) + (64 * 1024 / 64);
        Assert.Equal(TrapKind.OutOfFuel, Assert.Throws<TrapException>(() => Grow("fill", 9_000)).Kind);

        store.Fuel = 100_000;
        var table = instance.GetTable("table");
        Assert.Equal(10_001, table.Length);
        Assert.Equal(10_001, Grow("grow", 9_000));
        Assert.All(Enumerable.Range(0, table.Length), i => Assert.Null(table.Get(i)));
    }

    [Fact]
    public void MakingAnInstanceCostsNothing()
    {
        using var store = new Store(_engine);
        var elements = string.Concat(Enumerable.Repeat("$f ", 100));
        var instance = new Linker(_engine).Instantiate(store, Module.Parse(_engine, $"""
            (memory (data "{new string('x', 1_000)}")) (table funcref (elem {elements})) (func $f)
            (type $a (array i64)) (global (ref $a) (array.new $a (i64.const 1) (i32.const 100)))
            (func (export "f"))
            """));
        Assert.Equal(0, store.Fuel);
        Assert.NotNull(instance.GetFunction("f"));
    }

    /// <summary>Code in which no loop begins and no function that calls others is entered, for long. What stops it stops any call that is to end.</summary>
    [Theory]
    [InlineData("{0}", "", "")]
    [InlineData("(if (local.get 0) (then {0}) (else {0}))", "", "")]
    [InlineData("(call $leaf (i32.const 1)) {1}", "", "{0}")]
    [InlineData("(call_indirect (param i32) (i32.const 1) (i32.const 0)) {1}", "", "{0}")]
    [InlineData("(call $short (i32.const 1)) {2}", "", "")]
    [InlineData("(call_indirect (param i32) (i32.const 1) (i32.const 1)) {2}", "", "")]
    [InlineData("(call $down (i32.const 1000))", "{1}", "")]
    [InlineData("(call $down (i32.const 1000))", "(block $h (try_table (catch_all $h) {1} (throw $e)))", "")]
    [InlineData("(call $catch (i32.const 1000))", "", "")]
    public void StraightCodeOverdrawsLittle(string body, string afterCall, string leaf)
    {
        const int Count = 10_000;
        const string Step = "(global.set $n (i32.add (global.get $n) (i32.const 1))) ";
        static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
        string Expand(string text) => text
            .Replace("{0}", Repeat(Step, Count), StringComparison.Ordinal)
            .Replace("{1}", Repeat(Step, 300), StringComparison.Ordinal)
            .Replace("{2}", Repeat("(call $short (i32.const 1)) (call_indirect (param i32) (i32.const 1) (i32.const 1)) ", 1_000), StringComparison.Ordinal);
        var text = $"""
            (global $n (export "n") (mut i32) (i32.const 0)) (tag $e)
            (table funcref (elem $leaf $short))
            (func $leaf (param i32) {Expand(leaf)})
            (func $short (param i32) {Repeat(Step, 20)})
            (func $down (param $i i32)
              (if (local.get $i) (then (call $down (i32.sub (local.get $i) (i32.const 1)))) (else (global.set $n (i32.const 0))))
              {Expand(afterCall)})
            (func $catch (param $i i32)
              (if (i32.eqz (local.get $i)) (then (global.set $n (i32.const 0)) (throw $e)))
              (block $h (try_table (catch_all $h) (call $catch (i32.sub (local.get $i) (i32.const 1)))))
              {Expand("{1}")}
              (throw $e))
            (func (export "f") (param i32) {Expand(body)})
            """;
        foreach (var suspendEverywhere in new[] { false, true })
        {
            var engine = new Engine(new EngineOptions { UsesFuel = true, SuspendEverywhere = suspendEverywhere });
            using var store = new Store(engine) { Fuel = 30_000 };
            var instance = new Linker(engine).Instantiate(store, Module.Parse(engine, text));
            Assert.Equal(TrapKind.OutOfFuel, Assert.Throws<TrapException>(() => instance.GetFunction("f").Invoke(1)).Kind);
            Assert.InRange(store.Fuel, -1_000, -1);
        }
    }

    [Fact]
    public void AFunctionThatOnlyComputesIsPaidForToo()
    {
        var sum = new Linker(_engine).Instantiate(_store, Module.Parse(_engine, """
            (func (export "sum") (param i32 i32) (result i32)
              (if (result i32) (local.get 0) (then (i32.add (local.get 0) (local.get 1))) (else (i32.const -1))))
            """)).GetFunction("sum");
        _store.Fuel = 1_000;
        Assert.Equal([7], sum.Invoke(3, 4));
        Assert.Equal([-1], sum.Invoke(0, 4));
        Assert.Equal(1_000 - 5 - 3, _store.Fuel);
    }

    [Fact]
    public void TheMeasureIsTheSameHoweverTheCodeRuns()
    {
        var used = new HashSet<long>();
        EngineOptions[] variants =
        [
            new() { UsesFuel = true },
            new() { UsesFuel = true, SuspendEverywhere = true },
            new() { UsesFuel = true, SplitEverywhere = true },
            new() { UsesFuel = true, SplitEverywhere = true, SuspendEverywhere = true },
            new() { UsesFuel = true, IsInterruptible = false, MaxStackBytes = 0 },
            new() { UsesFuel = true, MaxNativeStackBytes = 20_000 },
        ];
        foreach (var options in variants)
        {
            var engine = new Engine(options);
            using var store = new Store(engine) { Fuel = 1_000_000 };
            var instance = new Linker(engine).Instantiate(store, Module.Parse(engine, Program));
            Assert.Equal(610, instance.GetFunction("fib").Invoke(15)[0].AsI32());
            Assert.Equal(5_050, instance.GetFunction("loop").Invoke(100)[0].AsI32());
            used.Add(1_000_000 - store.Fuel);
        }

        Assert.Single(used);
    }

    [Theory]
    [InlineData("endless")]
    [InlineData("catches")]
    public void WithoutFuelACallTraps(string name)
    {
        _store.Fuel = 10_000;
        var trap = Assert.Throws<TrapException>(() => _instance.GetFunction(name).Invoke());
        Assert.Equal(TrapKind.OutOfFuel, trap.Kind);
        Assert.StartsWith("out of fuel\n  at ", trap.Message, StringComparison.Ordinal);
        Assert.InRange(_store.Fuel, -10, -1);
        Assert.Equal(TrapKind.OutOfFuel, Assert.Throws<TrapException>(() => _instance.GetFunction("fib").Invoke(20)).Kind);
        _store.Fuel = 1_000_000;
        Assert.Equal(6_765, _instance.GetFunction("fib").Invoke(20)[0].AsI32());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TheHostIsAskedForMoreAndTheCallWaits(bool suspendEverywhere)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        var requests = new Queue<TaskCompletionSource<long>>();
        using var store = new Store(new Engine(new EngineOptions { UsesFuel = true, SuspendEverywhere = suspendEverywhere }), new StoreOptions
        {
            FuelSource = () =>
            {
                requests.Enqueue(new TaskCompletionSource<long>());
                return new ValueTask<long>(requests.Last().Task);
            },
        });
        var instance = Instantiate(store);
        var fib = instance.GetFunction<Func<int, Task<int>>>("fib")(20);
        var loop = instance.GetFunction<Func<int, Task<int>>>("loop")(1_000);
        while (!fib.IsCompleted || !loop.IsCompleted)
            requests.Dequeue().SetResult(1_000);
        Assert.Equal(6_765, await fib);
        Assert.Equal(500_500, await loop);
    }

    [Theory]
    [InlineData("endless")]
    [InlineData("catches")]
    public void AHostThatHasNone(string name)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        var requests = new List<TaskCompletionSource<long>>();
        using var store = StoreThatAsks(requests);
        var endless = Instantiate(store).GetFunction(name);
        var first = endless.InvokeAsync();
        var second = endless.InvokeAsync();
        Assert.Equal(TrapKind.OutOfFuel, Assert.Throws<TrapException>(() => endless.Invoke()).Kind);
        requests.ForEach(request => request.SetException(new InvalidDataException("none left")));
        Assert.Equal("none left", first.Failed<InvalidDataException>().Message);
        Assert.Equal("none left", second.Failed<InvalidDataException>().Message);
        using var dry = new Store(_engine, new StoreOptions { FuelSource = () => new ValueTask<long>(0) });
        Assert.Equal(TrapKind.OutOfFuel, Instantiate(dry).GetFunction(name).InvokeAsync().Failed<TrapException>().Kind);
    }

    public static TheoryData<string, Func<TaskCompletionSource<long>, ValueTask<long>>, Action<TaskCompletionSource<long>, CancellationTokenSource>, Type> Ends => new()
    {
        { "throws", _ => throw new InvalidDataException(), (_, _) => { }, typeof(InvalidDataException) },
        { "fails", request => new(request.Task), (request, _) => request.SetException(new InvalidDataException()), typeof(InvalidDataException) },
        { "gives up", request => new(request.Task), (request, _) => request.SetCanceled(), typeof(TaskCanceledException) },
        { "gives too little", request => new(request.Task), (request, _) => request.SetResult(long.MinValue), typeof(TrapException) },
        { "has nothing left", request => new(request.Task), (request, _) => request.SetResult(0), typeof(TrapException) },
        { "is not waited for", request => new(request.Task), (_, source) => source.Cancel(), typeof(OperationCanceledException) },
    };

    [Theory]
    [MemberData(nameof(Ends), DisableDiscoveryEnumeration = true)]
    public void ASourceThatFailsEndsTheCallThatNeedsFuelAndNoOther(
        string how,
        Func<TaskCompletionSource<long>, ValueTask<long>> ask,
        Action<TaskCompletionSource<long>, CancellationTokenSource> answer,
        Type failure)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        using var source = new CancellationTokenSource();
        var requests = new Queue<TaskCompletionSource<long>>();
        var isAsked = false;
        using var store = new Store(_engine, new StoreOptions
        {
            FuelSource = () =>
            {
                requests.Enqueue(new TaskCompletionSource<long>());
                return isAsked ? ask(requests.Last()) : new ValueTask<long>(requests.Last().Task);
            },
        });
        var instance = Instantiate(store);
        var bystander = instance.GetFunction<Func<int, Task<int>>>("loop")(1_000);
        isAsked = true;
        var call = instance.GetFunction("catches").InvokeAsync([], source.Token);
        answer(requests.Last(), source);
        Assert.True(call.IsCompleted, how);
        var thrown = Assert.ThrowsAny<Exception>(() => call.GetAwaiter().GetResult());
        Assert.IsType(failure, thrown);
        if (thrown is TrapException trap)
        {
            Assert.Equal(TrapKind.OutOfFuel, trap.Kind);
            Assert.StartsWith("out of fuel\n  at ", trap.Message, StringComparison.Ordinal);
        }

        // The engine uses the same object for the next call: it must not take what an import gives for fuel.
        isAsked = false;
        store.Fuel = 100;
        Assert.Single(store.Fibers);
        Assert.Equal([55], instance.GetFunction("loop").InvokeAsync(10).Completed());
        requests.Dequeue().SetResult(1_000_000);
        Assert.Equal(500_500, bystander.Completed());
    }

    [Fact]
    public void MoreThanCanBeCountedIsAsMuchAsCan()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        var requests = new List<TaskCompletionSource<long>>();
        using var store = StoreThatAsks(requests);
        var loop = Instantiate(store).GetFunction<Func<int, Task<int>>>("loop");
        Task<int>[] calls = [loop(1_000), loop(1_000), loop(1_000)];
        requests.ForEach(request => request.SetResult(long.MaxValue));
        Assert.All(calls, call => Assert.Equal(500_500, call.Completed()));
        Assert.InRange(store.Fuel, long.MaxValue - 10_000, long.MaxValue);
    }

    [Fact]
    public void DisposingAStoreEndsWhatWaitsForFuel()
    {
        var request = new TaskCompletionSource<long>();
        using var store = new Store(_engine, new StoreOptions { FuelSource = () => new ValueTask<long>(request.Task) });
        var call = Instantiate(store).GetFunction("catches").InvokeAsync();
        Assert.Equal("fuel", Assert.Single(store.Fibers).WaitsFor);
        store.Dispose();
        Assert.Equal(typeof(Store).FullName, call.Failed<ObjectDisposedException>().ObjectName);
        request.SetResult(1_000);
    }

    private static Instance Instantiate(Store store) => new Linker(store.Engine).Instantiate(store, Module.Parse(store.Engine, Program));

    /// <summary>A store whose source of fuel answers when the tests complete its requests.</summary>
    private Store StoreThatAsks(List<TaskCompletionSource<long>> requests) => new(_engine, new StoreOptions
    {
        FuelSource = () =>
        {
            requests.Add(new TaskCompletionSource<long>());
            return new ValueTask<long>(requests[^1].Task);
        },
    });
}
