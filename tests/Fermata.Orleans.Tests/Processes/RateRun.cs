using System.Diagnostics;
using System.Globalization;
using Fermata.Bench;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Fermata.Orleans.Tests.Processes;

/// <summary>How many calls silos run in a second, while others are parked in the same database, each with its reminder. Each call asks the world three times, so it is committed five times.</summary>
internal sealed class RateRun(int calls, int[] parked)
{
    private const int MostSilos = 3;
    private const int Questions = 3;

    /// <summary>How many calls run at once.</summary>
    private const int AtOnce = 128;

    private readonly double?[,] _rates = new double?[parked.Length, MostSilos];

    /// <summary>Measures all.</summary>
    /// <param name="database">An empty database of PostgreSQL.</param>
    /// <param name="progress">Where to tell how far it is.</param>
    /// <returns>A table of Markdown, and a plot as SVG.</returns>
    public async Task<(string Table, string Plot)> RunAsync(TestDatabase database, TextWriter progress)
    {
        ClusterTables.Create(database);
        for (var i = 0; i < parked.Length; i++)
        {
            for (var silos = 1; silos <= MostSilos; silos++)
            {
                var world = Directory.CreateTempSubdirectory("world").FullName;
                await using (var processes = new Silos(silos, database, world, TimeSpan.Zero))
                {
                    await processes.StartAsync();
                    using var application = SiloProcess.Client(database.Name, TimeSpan.FromMinutes(2));
                    await application.StartAsync();
                    var client = application.Services.GetRequiredService<IClusterClient>();
                    if (silos == 1)
                        await ParkAsync(client, database, i == 0 ? 0 : parked[i - 1], parked[i]);
                    await RunAsync(client, $"first {i} {silos}", calls / 10);
                    var watch = Stopwatch.StartNew();
                    await RunAsync(client, $"{i} {silos}", calls);
                    _rates[i, silos - 1] = calls / watch.Elapsed.TotalSeconds;
                    await progress.WriteLineAsync($"{parked[i]} parked, {silos} silos: {_rates[i, silos - 1]:F0} calls a second");
                    await application.StopAsync();
                    await processes.StopAsync();
                }

                Directory.Delete(world, recursive: true);
            }
        }

        return (Table(), Plot());
    }

    private static Task RunAsync(IClusterClient client, string name, int count) =>
        Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, token) =>
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{name} {i}");
            await client.GetGrain<IDurableStoreGrain>(key).StartAsync(key, TestSilos.Module, "sum", [Questions]);
            // The world doubles: 2 * (3 + 2 + 1).
            Assert.Equal([12], await client.GetResultsAsync(key, key, token));
        });

    /// <summary>Has calls wait for an event, by a host without Orleans, as that is quicker; then they get the reminders that grains would have set.</summary>
    private static async Task ParkAsync(IClusterClient client, TestDatabase database, int from, int to)
    {
        var (host, module) = await Guest.OpenAsync(database.Database);
        await using (host)
        {
            await host.StartAsync();
            await Parallel.ForAsync(from, to, new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (i, _) => await host.StartCallAsync(Name(i), module, "event", [i]));
            while ((long)database.Query("SELECT COUNT(*) FROM fermata_waits")[0] < to || host.RunningStores > 0)
                await Task.Delay(100);
        }

        await using var connection = new NpgsqlConnection(database.Name);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO fermata_reminders (service, grain, name, hash, first, period, version)
            SELECT @service, grain, 'fermata', hash, @first, 2000, 1 FROM unnest(@grains, @hashes) AS parked (grain, hash)
            """,
            connection);
        var grains = Enumerable.Range(from, to - from).Select(i => client.GetGrain<IDurableStoreGrain>(Name(i)).GetGrainId()).ToArray();
        command.Parameters.AddWithValue("service", SiloProcess.Service);
        command.Parameters.AddWithValue("first", DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("grains", grains.Select(static grain => grain.ToString()).ToArray());
        command.Parameters.AddWithValue("hashes", grains.Select(static grain => (long)grain.GetUniformHashCode()).ToArray());
        Assert.Equal(grains.Length, await command.ExecuteNonQueryAsync());

        static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"parked {i}");
    }

    private string Table()
    {
        var lines = new List<string> { $"| calls parked | {string.Join(" | ", Enumerable.Range(1, MostSilos).Select(Silos))} |", $"|-:|{string.Concat(Enumerable.Repeat("-:|", MostSilos))}" };
        for (var i = 0; i < parked.Length; i++)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"| {parked[i]:N0} | {_rates[i, 0]:N0} | {_rates[i, 1]:N0} | {_rates[i, 2]:N0} |"));
        return string.Join('\n', lines);
    }

    private string Plot()
    {
        var chart = new BarChart(
            "Calls a second (more is better)", [.. parked.Select(static count => string.Create(CultureInfo.InvariantCulture, $"{count:N0} parked"))]);
        for (var silos = 1; silos <= MostSilos; silos++)
            chart.Add(Silos(silos), [.. Enumerable.Range(0, parked.Length).Select(i => _rates[i, silos - 1])]);
        return chart.ToString();
    }

    private static string Silos(int count) => count == 1 ? "1 silo" : $"{count} silos";
}
