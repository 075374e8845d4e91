using System.Data.Common;

namespace Fermata.Durable.Tests;

/// <summary>A connection that breaks when a transaction is being committed: nobody hears whether it was.</summary>
public sealed class LostCommitTests
{
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task WhatWasCommittedIsNotDoneAgain(string kind)
    {
        using var database = TestDatabase.Open(kind);
        var asked = new System.Collections.Concurrent.ConcurrentBag<string>();
        var breaking = new BreakingDatabase(database.Database);
        var (host, module) = await Guest.OpenAsync(breaking, (call, value) =>
        {
            asked.Add(call.Key);
            return Task.FromResult(value);
        });
        await using var _ = host;
        await host.StartAsync();
        const int Calls = 10;
        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, Calls).SelectMany(i => (Task<bool>[])
            [
                host.StartCallAsync($"order {i}", module, "order", [i, 0], new DurableCallOptions { Store = $"store {i % 4}" }),
                host.StartCallAsync($"event {i}", module, "event", [i]),
            ])),
            Assert.True);
        foreach (var content in (int[])[1, 10])
            await Task.WhenAll(Enumerable.Range(0, Calls).Select(i => host.RaiseAsync($"event {i}", $"event {i}", content)));
        for (var i = 0; i < Calls; i++)
        {
            Assert.Equal(11, (await host.GetResultsAsync($"event {i}").WaitAsync(TimeSpan.FromMinutes(5)))[0].AsI32());
            Assert.Equal((30 * i) + 6, (await host.GetResultsAsync($"order {i}").WaitAsync(TimeSpan.FromMinutes(5)))[0].AsI32());
        }

        Assert.True(breaking.Breaks > 3, $"{breaking.Breaks}");
        Assert.Equal(3 * Calls, asked.Count);
        Assert.Equal(3 * Calls, asked.Distinct().Count());
        Assert.Empty(database.Query("SELECT name FROM fermata_stores WHERE error IS NOT NULL"));
    }

    /// <summary>Every third commit is made, or not, and then fails.</summary>
    private sealed class BreakingDatabase(DurableDatabase database) : WrappedDatabase(database)
    {
        private int _commits;

        public int Breaks { get; private set; }

        internal override async Task CommitAsync(DbTransaction transaction)
        {
            var number = _commits++;
            if (number % 3 != 2 || number % 6 == 2)
                await base.CommitAsync(transaction);
            if (number % 3 != 2)
                return;
            Breaks++;
            throw new IOException("The connection broke.");
        }
    }
}
