using System.Data.Common;

namespace Fermata.Durable.Tests;

/// <summary>A connection that breaks while it is read from.</summary>
public sealed class BrokenReadTests
{
    private static readonly byte[] Seven = Module.Parse(new Engine(), """(module (func (export "seven") (result i32) (i32.const 7)))""").ToBytes();

    [Fact]
    public async Task WhatIsReadIsReadAgain()
    {
        using var database = TestDatabase.Open("SQLite");
        var reads = 0;
        var (host, _) = await Guest.OpenAsync(new BreakingDatabase(database.Database, () => ++reads > 3));
        await using var __ = host;
        Assert.Equal(0, await host.CountAsync());
        Assert.Equal(4, reads);
    }

    [Fact]
    public async Task WhoeverWaitsIsToldInTheEnd()
    {
        using var database = TestDatabase.Open("SQLite");
        var (host, _) = await Guest.OpenAsync(new BreakingDatabase(database.Database, static () => false), change: static options => options with { LeaseTime = TimeSpan.FromMilliseconds(500) });
        await using var __ = host;
        Assert.Equal("The connection broke.", (await Assert.ThrowsAsync<BrokenConnectionException>(() => host.CountAsync())).Message);
    }

    [Fact]
    public async Task WhatIsNoMatterOfTheConnectionIsToldAtOnce()
    {
        using var database = TestDatabase.Open("SQLite");
        var reads = 0;
        var (host, _) = await Guest.OpenAsync(new BreakingDatabase(database.Database, () => ++reads > 3) { IsTransient = false });
        await using var __ = host;
        Assert.Equal("The connection broke.", (await Assert.ThrowsAsync<BrokenConnectionException>(() => host.CountAsync())).Message);
        Assert.Equal(1, reads);
    }

    /// <summary>A store whose module cannot be read is not left to an operator: it is taken again when the database is there.</summary>
    [Fact]
    public async Task AStoreGoesOnWhenItsModuleCanBeRead()
    {
        using var database = TestDatabase.Open("SQLite");
        await using (var first = await DurableHost.OpenAsync(Guest.Options(database.Database)))
            Assert.True(await first.StartCallAsync("a", await first.AddModuleAsync(Seven, "seven"), "seven", []));

        var mayRead = false;
        var breaking = new BreakingDatabase(database.Database, () => Volatile.Read(ref mayRead));
        await using var second = await DurableHost.OpenAsync(Guest.Options(breaking) with { LeaseTime = TimeSpan.FromMilliseconds(500), PollInterval = TimeSpan.FromMilliseconds(20) });
        await second.StartAsync();

        // The second epoch is after the first was given back.
        while ((long)database.Query("SELECT epoch FROM fermata_stores")[0] < 2)
            await Task.Delay(20);
        Assert.Empty(database.Query("SELECT error FROM fermata_stores WHERE error IS NOT NULL"));
        Volatile.Write(ref mayRead, true);
        Assert.Equal(7, (await second.GetResultsAsync("a").WaitAsync(TimeSpan.FromMinutes(2)))[0].AsI32());
    }

    private sealed class BrokenConnectionException(bool isTransient) : DbException("The connection broke.")
    {
        public override bool IsTransient => isTransient;
    }

    private sealed class BreakingDatabase(DurableDatabase database, Func<bool> mayRead) : WrappedDatabase(database)
    {
        public bool IsTransient { get; init; } = true;

        internal override Task<DbTransaction> BeginReadAsync(DbConnection connection) =>
            mayRead() ? base.BeginReadAsync(connection) : throw new BrokenConnectionException(IsTransient);
    }
}
