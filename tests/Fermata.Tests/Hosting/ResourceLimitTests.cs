using Fermata.Tests.Suspension;

namespace Fermata.Tests.Hosting;

/// <summary>What a store may have in total (<see cref="StoreOptions.Limiter"/>).</summary>
public sealed class ResourceLimitTests
{
    private const long Page = Memory.PageSize;

    private const string Growing = """
        (memory (export "memory") 1)
        (table (export "table") 2 funcref)
        (func (export "grow memory") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export "grow table") (param i32) (result i32) (table.grow (ref.null func) (local.get 0)))
        """;

    [Fact]
    public void MemoriesGrowUpToTheBytesOfAll()
    {
        using var guest = NewGuest(new StoreLimits { MaxMemoryBytes = 5 * Page });
        var one = guest.Instantiate(Growing);
        var other = guest.Instantiate(Growing);
        Assert.Equal(1, Grow(one, "memory", 2));
        Assert.Equal(-1, Grow(other, "memory", 2));
        Assert.Equal(-1, other.GetMemory("memory").Grow(2));
        Assert.Equal(-1, Grow(other, "memory", -1));
        Assert.Equal(1, other.GetMemory("memory").Grow(1));
        Assert.Equal(-1, Grow(one, "memory", 1));
        Assert.Equal(3, Grow(one, "memory", 0));
    }

    [Fact]
    public void TablesGrowUpToTheElementsOfAll()
    {
        using var guest = NewGuest(new StoreLimits { MaxTableElements = 10 });
        var one = guest.Instantiate(Growing);
        var other = guest.Instantiate(Growing);
        Assert.Equal(2, Grow(one, "table", 5));
        Assert.Equal(-1, Grow(other, "table", 2));
        Assert.Equal(-1, other.GetTable("table").Grow(2));
        Assert.Equal(-1, Grow(other, "table", -1));
        Assert.Equal(2, other.GetTable("table").Grow(1));
    }

    [Theory]
    [InlineData(StoreResource.Instances, "", 0, 1, "the store's limiter refuses 1 instances; the store has 0")]
    [InlineData(StoreResource.Memories, "(memory 1) (memory 1)", 1, 2, "the store's limiter refuses 2 memories; the store has 0")]
    [InlineData(StoreResource.Tables, "(table 0 funcref) (table 0 funcref)", 1, 2, "the store's limiter refuses 2 tables; the store has 0")]
    [InlineData(StoreResource.MemoryBytes, "(memory 1)", 65_535, 65_536, "the store's limiter refuses 65536 bytes of memory; the store has 0")]
    [InlineData(StoreResource.MemoryBytes, "(memory i64 0x1000000000000)", 65_535, 17_179_934_720, "the store's limiter refuses 17179934720 bytes of memory; the store has 0")]
    [InlineData(StoreResource.TableElements, "(table 5 funcref)", 4, 5, "the store's limiter refuses 5 table elements; the store has 0")]
    public void AnInstanceIsRefusedBeforeAnythingIsMade(StoreResource resource, string fields, long limit, long wanted, string message)
    {
        var limiter = new Recorder((kind, _, amount) => kind != resource || amount <= limit);
        using var guest = NewGuest(limiter);
        var refusal = Assert.Throws<ResourceLimitException>(() => guest.Instantiate(fields));
        Assert.Equal((resource, 0, wanted), (refusal.Resource, refusal.Current, refusal.Wanted));
        Assert.Equal(message, refusal.Message);

        // What had been counted before the refusal is taken back.
        limiter.Asked.Clear();
        Assert.Throws<ResourceLimitException>(() => guest.Instantiate(fields));
        Assert.Equal((StoreResource.Instances, 0, 1), limiter.Asked[0]);
    }

    [Fact]
    public void TheHostsOwnMemoriesAndTablesCount()
    {
        using var guest = NewGuest(new StoreLimits { MaxMemories = 1, MaxTables = 1 });
        var memory = new MemoryType(new Limits(1, 2));
        var table = new TableType(ValType.FuncRef, new Limits(1, 2));
        _ = new Memory(guest.Store, memory);
        _ = new Table(guest.Store, table);
        Assert.Equal(StoreResource.Memories, Assert.Throws<ResourceLimitException>(() => new Memory(guest.Store, memory)).Resource);
        Assert.Equal(StoreResource.Tables, Assert.Throws<ResourceLimitException>(() => new Table(guest.Store, table)).Resource);
    }

    [Theory]
    [InlineData(false, "a store without a limiter may not have 1001 memories, since all stores of the process share what there is; the store has 0: give it a limiter that allows more (StoreOptions.Limiter, StoreLimits)")]
    [InlineData(true, "the store's limiter refuses 1001 memories; the store has 0")]
    public void AStoreMayHaveAShareOfTheMemoriesOfTheProcess(bool hasLimiter, string message)
    {
        using var guest = new Guest(new StoreOptions { Limiter = hasLimiter ? new StoreLimits() : null });
        var module = Module.Parse(guest.Engine, string.Concat(Enumerable.Repeat("(memory 0 1)", 1_001)));
        Assert.Equal(message, Assert.Throws<ResourceLimitException>(() => guest.Linker.Instantiate(guest.Store, module)).Message);
        var half = Module.Parse(guest.Engine, string.Concat(Enumerable.Repeat("(memory 0 1)", 500)));
        guest.Linker.Instantiate(guest.Store, half);
        guest.Linker.Instantiate(guest.Store, half);
        Assert.Equal(1_000, Assert.Throws<ResourceLimitException>(() => new Memory(guest.Store, new MemoryType(new Limits(0, 1)))).Current);

        using var other = NewGuest(new StoreLimits { MaxMemories = 1_001 });
        other.Linker.Instantiate(other.Store, Module.Parse(other.Engine, string.Concat(Enumerable.Repeat("(memory 0 1)", 1_001))));
    }

    [Fact]
    public void ASharedMemoryCountsWhereItGrows()
    {
        using var guest = NewGuest(new StoreLimits { MaxMemoryBytes = Page });
        var memory = new Memory(new MemoryType(new Limits(1, 10), IsShared: true));
        guest.Linker.Define("env", "memory", memory);
        var instance = guest.Instantiate("""
            (import "env" "memory" (memory 1 10 shared))
            (func (export "grow memory") (param i32) (result i32) (memory.grow (local.get 0)))
            """);
        Assert.Equal(1, Grow(instance, "memory", 1));
        Assert.Equal(-1, Grow(instance, "memory", 1));
        Assert.Equal(2, memory.Grow(1));
    }

    [Fact]
    public void ASharedMemoryThatAModuleDeclaresCountsForItsStore()
    {
        using var owner = NewGuest(new StoreLimits { MaxMemoryBytes = 3 * Page });
        using var user = NewGuest(new StoreLimits { MaxMemoryBytes = 0 });
        var memory = owner.Instantiate("""(memory (export "memory") 1 10 shared)""").GetMemory("memory");
        user.Linker.Define("env", "memory", memory);
        var instance = user.Instantiate("""
            (import "env" "memory" (memory 1 10 shared))
            (func (export "grow memory") (param i32) (result i32) (memory.grow (local.get 0)))
            """);
        Assert.Equal(1, Grow(instance, "memory", 1));
        Assert.Equal(-1, Grow(instance, "memory", 2));
        Assert.Equal(2, memory.Grow(1));
        Assert.Equal(-1, Grow(instance, "memory", 1));
        Assert.Equal(-1, memory.Grow(1));
    }

    [Fact]
    public async Task CallsCountUntilTheyEnd()
    {
        using var guest = NewGuest(new StoreLimits { MaxCalls = 2 });
        var gate = new Gate();
        guest.Linker.Define("env", "wait", gate.Wait);
        var function = guest.Instantiate("""
            (import "env" "wait" (func $wait (result i32)))
            (func (export "f") (result i32) (call $wait))
            (func (export "trap") (result i32) unreachable)
            """);
        var call = function.GetFunction<Func<Task<int>>>("f");
        var (first, second, third) = (call(), call(), call());
        Assert.True(third.IsFaulted);
        var refusal = await Assert.ThrowsAsync<ResourceLimitException>(() => third);
        Assert.Equal("the store's limiter refuses 3 promising calls; the store has 2", refusal.Message);
        gate.Open(5);
        Assert.Equal(10, await first + await second);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(5, await call());
            await Assert.ThrowsAsync<TrapException>(() => function.GetFunction("trap").InvokeAsync());
        }
    }

    [Fact]
    public async Task WhatALimiterThrowsReachesTheCaller()
    {
        var throws = false;
        using var guest = NewGuest(new Recorder((_, _, _) => throws ? throw new TimeoutException("no answer") : true));
        var instance = guest.Instantiate(Growing);
        throws = true;
        Assert.Equal("no answer", Assert.Throws<TimeoutException>(() => Grow(instance, "memory", 1)).Message);
        Assert.Throws<TimeoutException>(() => Grow(instance, "table", 1));
        Assert.Throws<TimeoutException>(() => instance.GetMemory("memory").Grow(1));
        Assert.Throws<TimeoutException>(() => guest.Instantiate(Growing));
        await Assert.ThrowsAsync<TimeoutException>(() => instance.GetFunction("grow memory").InvokeAsync(0));
        throws = false;
        Assert.Equal(1, Grow(instance, "memory", 1));
        Assert.Equal(2, (await instance.GetFunction("grow memory").InvokeAsync(1))[0].AsI32());
    }

    [Fact]
    public void ALimiterIsToldWhatTheStoreHasAndWants()
    {
        var limiter = new Recorder((_, _, _) => true);
        using var guest = NewGuest(limiter);
        var instance = guest.Instantiate(Growing);
        Grow(instance, "memory", 2);
        Grow(instance, "table", 3);
        Grow(instance, "table", 0);
        Assert.Equal(
            [
                (StoreResource.Instances, 0, 1), (StoreResource.Memories, 0, 1), (StoreResource.MemoryBytes, 0, Page),
                (StoreResource.Tables, 0, 1), (StoreResource.TableElements, 0, 2),
                (StoreResource.MemoryBytes, Page, 3 * Page), (StoreResource.TableElements, 2, 5),
            ],
            limiter.Asked);
    }

    private static Guest NewGuest(ResourceLimiter limiter) => new(new StoreOptions { Limiter = limiter });

    private static int Grow(Instance instance, string what, int amount) => instance.GetFunction("grow " + what).Invoke(amount)[0].AsI32();

    private sealed class Recorder(Func<StoreResource, long, long, bool> allows) : ResourceLimiter
    {
        public List<(StoreResource Resource, long Current, long Wanted)> Asked { get; } = [];

        public override bool Allows(StoreResource resource, long current, long wanted)
        {
            Asked.Add((resource, current, wanted));
            return allows(resource, current, wanted);
        }
    }
}
