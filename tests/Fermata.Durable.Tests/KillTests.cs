using Fermata.Durable.Tests.Processes;

namespace Fermata.Durable.Tests;

/// <summary>Processes that are killed: a small part of what <c>Fermata.Durable.Tests kill</c> does.</summary>
public sealed class KillTests
{
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task EveryOrderEndsOnceWhicheverProcessesAreKilled(string kind)
    {
        using var database = TestDatabase.Open(kind);
        Assert.StartsWith("60 orders, 4 kills", await new KillRun(orders: 60, kills: 4, workers: 2).RunAsync(database.Name, TextWriter.Null));
    }

    /// <summary>Shows that the tests of PostgreSQL are left out, where they are.</summary>
    [PostgreSqlFact]
    public void PostgreSqlIsTested() => Assert.Contains("PostgreSQL", TestDatabase.Kinds);
}
