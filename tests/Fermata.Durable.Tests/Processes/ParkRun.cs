using System.Diagnostics;

namespace Fermata.Durable.Tests.Processes;

/// <summary>Many orders that wait for an event, which nobody has in memory.</summary>
internal static class ParkRun
{
    /// <summary>Has them wait, and tells what they take.</summary>
    public static async Task RunAsync(TestDatabase database, int orders, TextWriter output)
    {
        var clock = Stopwatch.StartNew();
        var (host, module) = await Guest.OpenAsync(database.Database);
        await using (host)
        {
            await host.StartAsync();
            await Parallel.ForAsync(0, orders, new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (order, _) => await host.StartCallAsync($"order {order}", module, "event", [order]));
            while ((long)database.Query("SELECT COUNT(*) FROM fermata_waits")[0] < orders || host.RunningStores > 0)
                await Task.Delay(100);
        }

        var bytes = File.Exists(database.Name) ? new FileInfo(database.Name).Length : (long)database.Query("SELECT pg_database_size(current_database())")[0];
        await output.WriteLineAsync($"{orders} orders wait after {clock.Elapsed.TotalSeconds:F1} s ({orders / clock.Elapsed.TotalSeconds:F0} a second), {bytes / orders} bytes each");

        clock.Restart();
        using var child = Child.Start("resume", database.Name);
        var line = await child.StandardOutput.ReadLineAsync();
        await output.WriteLineAsync($"a new process has one go on after {clock.ElapsedMilliseconds} ms, with {line}");
        await child.WaitForExitAsync();
    }

    /// <summary>Has the first one go on.</summary>
    public static async Task ResumeAsync(string database)
    {
        var (host, _) = await Guest.OpenAsync(TestDatabase.Of(database));
        await using var _ = host;
        await host.StartAsync();
        await host.RaiseAsync("order 0", "event 0", 1);
        await host.RaiseAsync("order 0", "event 0", 2);
        Assert.Equal([3], await host.GetResultsAsync("order 0"));
        Console.WriteLine($"{Environment.WorkingSet >> 20} MiB in memory");
    }
}
