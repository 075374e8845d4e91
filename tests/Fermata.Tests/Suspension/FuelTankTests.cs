namespace Fermata.Tests.Suspension;

/// <summary>Fuel that stores share.</summary>
public sealed class FuelTankTests
{
    /// <summary>Nine instructions a round, and one more.</summary>
    private const string Loop = """
        (module
          (memory 1)
          (func (export "loop") (param i32) (result i32) (local i32)
            (loop $again
              (local.set 1 (i32.add (local.get 1) (local.get 0)))
              (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
            (local.get 1))
          (func (export "fill") (param i32) (memory.fill (i32.const 0) (i32.const 1) (local.get 0))))
        """;

    private readonly Engine _engine = new(new EngineOptions { UsesFuel = true });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stores_take_from_one(bool isPromising)
    {
        var tank = new FuelTank(100_000);
        await RunAsync(tank, isPromising, "loop", 1_000);
        Assert.Equal(100_000 - 9_001, tank.Left);
        await RunAsync(tank, isPromising, "loop", 10_000);
        Assert.Equal(100_000 - 9_001 - 90_001, tank.Left);
        var trap = await Assert.ThrowsAsync<TrapException>(() => RunAsync(tank, isPromising, "loop", 1_000));
        Assert.Equal(TrapKind.OutOfFuel, trap.Kind);
        Assert.Equal(0, tank.Left);
    }

    [Fact]
    public async Task Work_on_ranges_takes_from_it()
    {
        var tank = new FuelTank(2_000);
        await RunAsync(tank, isPromising: true, "fill", 64_000);
        Assert.Equal(2_000 - 1_004, tank.Left);
        await Assert.ThrowsAsync<TrapException>(() => RunAsync(tank, isPromising: true, "fill", 64_000));
    }

    [Fact]
    public async Task The_source_is_asked_when_it_is_empty()
    {
        var (tank, asked) = (new FuelTank(10_000), 0);
        ValueTask<long> More()
        {
            asked++;
            tank.Add(1_000);
            return new(1_000);
        }

        await RunAsync(tank, isPromising: true, "loop", 1_000, More);
        Assert.Equal(0, asked);
        await RunAsync(tank, isPromising: true, "loop", 500, More);
        Assert.InRange(asked, 1, 3);
    }

    [Fact]
    public async Task Stores_that_run_at_once_do_not_take_more_than_there_is()
    {
        var tank = new FuelTank(5 * 90_001);
        var runs = Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            try
            {
                await RunAsync(tank, isPromising: true, "loop", 10_000);
                return 1;
            }
            catch (TrapException e) when (e.Kind == TrapKind.OutOfFuel)
            {
                return 0;
            }
        }));
        Assert.InRange((await Task.WhenAll(runs)).Sum(), 0, 5);
    }

    [Fact]
    public void Nothing_negative_is_in_it()
    {
        Assert.Throws<ArgumentOutOfRangeException>("fuel", () => new FuelTank(-1));
        Assert.Throws<ArgumentOutOfRangeException>("fuel", () => new FuelTank(1).Add(-1));
        var full = new FuelTank(long.MaxValue);
        full.Add(1);
        Assert.Equal(long.MaxValue, full.Left);
    }

    private async Task RunAsync(FuelTank tank, bool isPromising, string function, int argument, Func<ValueTask<long>>? source = null)
    {
        using var store = new Store(_engine, new StoreOptions { FuelTank = tank, FuelSource = source });
        var export = new Linker(_engine).Instantiate(store, Module.Parse(_engine, Loop)).GetFunction(function);
        if (isPromising)
            await export.InvokeAsync(argument);
        else
            export.Invoke(argument);
    }
}
