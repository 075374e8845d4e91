using Fermata.Orleans.Tests.Processes;

namespace Fermata.Orleans.Tests;

/// <summary>Silos that are killed: a small part of what <c>Fermata.Orleans.Tests kill</c> does.</summary>
public sealed class KillTests
{
    [PostgreSqlFact]
    public async Task EveryOrderEndsOnceWhicheverSilosAreKilled()
    {
        using var database = TestDatabase.Open("PostgreSQL");
        Assert.StartsWith("20 orders, 1 kills", await new KillRun(orders: 20, kills: 1, silos: 2).RunAsync(database, TextWriter.Null));
    }
}
