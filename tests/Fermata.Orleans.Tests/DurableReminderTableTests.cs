using Fermata.Durable;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Fermata.Orleans.Tests;

/// <summary>Reminders in the database of the durable calls.</summary>
public sealed class DurableReminderTableTests
{
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task RemindersAreKeptForEachService(string kind)
    {
        using var database = TestDatabase.Open(kind);
        await using var accessor = new DurableHostAccessor(Guest.Options(database.Database), static _ => Task.CompletedTask, takes: false);
        await accessor.StartAsync(CancellationToken.None);
        var table = await OpenAsync(accessor, "one");
        var other = await OpenAsync(accessor, "two");
        var grain = GrainId.Create("store", "order 17/a");
        var start = new DateTime(2030, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc);
        var entry = new ReminderEntry { GrainId = grain, ReminderName = "x", StartAt = start, Period = TimeSpan.FromMinutes(1) };
        var first = await table.UpsertRow(entry);
        Assert.Null(await other.ReadRow(grain, "x"));
        Assert.Null(await table.ReadRow(grain, "y"));
        entry.Period = TimeSpan.FromMinutes(2);
        var second = await table.UpsertRow(entry);
        Assert.NotEqual(first, second);
        var row = await table.ReadRow(grain, "x");
        Assert.Equal((grain, "x", start, TimeSpan.FromMinutes(2), second), (row!.GrainId, row.ReminderName, row.StartAt, row.Period, row.ETag));
        Assert.Equal(DateTimeKind.Utc, row.StartAt.Kind);

        // Only the version that was read is removed.
        Assert.False(await table.RemoveRow(grain, "x", first!));
        Assert.Single((await table.ReadRows(grain)).Reminders);
        Assert.True(await table.RemoveRow(grain, "x", second!));
        Assert.False(await table.RemoveRow(grain, "x", second!));
        Assert.Empty((await table.ReadRows(grain)).Reminders);
    }

    /// <summary>A silo reads the reminders of its part of the ring: without its begin, and perhaps around the end of the numbers.</summary>
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task PartsOfTheRingAreRead(string kind)
    {
        using var database = TestDatabase.Open(kind);
        await using var accessor = new DurableHostAccessor(Guest.Options(database.Database), static _ => Task.CompletedTask, takes: false);
        await accessor.StartAsync(CancellationToken.None);
        var table = await OpenAsync(accessor, "one");
        var grains = Enumerable.Range(0, 20).Select(static number => GrainId.Create("store", $"{number}")).OrderBy(static grain => grain.GetUniformHashCode()).ToArray();
        foreach (var grain in grains)
            await table.UpsertRow(new ReminderEntry { GrainId = grain, ReminderName = "x", StartAt = DateTime.UtcNow, Period = TimeSpan.FromMinutes(1) });
        var (low, high) = (grains[4].GetUniformHashCode(), grains[14].GetUniformHashCode());
        await AssertRead(low, high, grains[5..15]);
        await AssertRead(high, low, [.. grains[..5], .. grains[15..]]);
        await AssertRead(low, low, grains);
        await AssertRead(0, uint.MaxValue, grains);
        await table.TestOnlyClearTable();
        await AssertRead(0, uint.MaxValue, []);

        async Task AssertRead(uint begin, uint end, GrainId[] expected) =>
            Assert.Equal(expected, (await table.ReadRows(begin, end)).Reminders.Select(static row => row.GrainId).OrderBy(static grain => grain.GetUniformHashCode()));
    }

    private static async Task<DurableReminderTable> OpenAsync(DurableHostAccessor accessor, string service)
    {
        var table = new DurableReminderTable(accessor, Options.Create(new ClusterOptions { ServiceId = service }));
        await table.Init();
        return table;
    }
}
