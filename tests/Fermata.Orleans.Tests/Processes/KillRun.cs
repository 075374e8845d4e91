using System.Diagnostics;
using System.Globalization;
using Fermata.Durable;
using Microsoft.Extensions.DependencyInjection;

namespace Fermata.Orleans.Tests.Processes;

/// <summary>Orders on silos that are killed at any time. Every order must end once, with the right results, and nothing be asked but under its key.</summary>
internal sealed class KillRun(int orders, int kills, int silos = 3, int seed = 15)
{
    /// <summary>How long it is from one kill to the next, in milliseconds.</summary>
    private const int ShortestLife = 1000, LongestLife = 4000;

    private readonly Process?[] _processes = new Process?[silos];
    private readonly string[] _ports = [.. Enumerable.Range(0, 2 * silos).Select(static _ => PostgreSqlServer.FreePort().ToString(CultureInfo.InvariantCulture))];
    private readonly Random _random = new(seed);

    /// <summary>Runs it.</summary>
    /// <param name="database">An empty database of PostgreSQL.</param>
    /// <param name="progress">Where to tell how far it is.</param>
    /// <returns>What happened.</returns>
    public async Task<string> RunAsync(TestDatabase database, TextWriter progress)
    {
        var world = Directory.CreateTempSubdirectory("world").FullName;
        try
        {
            ClusterTables.Create(database);
            await Task.WhenAll(Enumerable.Range(0, silos).Select(silo => StartAsync(silo, database, world)));
            using var application = SiloProcess.Client(database.Name);
            await application.StartAsync();
            var client = application.Services.GetRequiredService<IClusterClient>();

            // They take about as long as the kills do, with the starts of silos between them; one more and another less.
            var longest = World.Pause(kills * (ShortestLife + LongestLife));
            var pauses = Enumerable.Range(0, orders).Select(_ => _random.Next(longest)).ToArray();
            var starts = Parallel.ForAsync(0, orders, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (order, _) => await StartAsync(client, order, pauses[order]));
            var (host, _) = await Guest.OpenAsync(database.Database);
            await using var _ = host;
            var ended = 0L;
            for (var kill = 1; kill <= kills; kill++)
            {
                await Task.Delay(_random.Next(ShortestLife, LongestLife));
                await KillAsync(_random.Next(silos));

                // Others may have ended themselves, because the cluster took them for dead.
                for (var silo = 0; silo < silos; silo++)
                {
                    if (_processes[silo] is not { HasExited: false })
                        await StartAsync(silo, database, world);
                }

                ended = await host.CountAsync(DurableCallState.Completed);
                await progress.WriteLineAsync($"{kill} of {kills} kills, {ended} of {orders} orders");
            }

            await starts;
            var afterKills = ended;
            foreach (var order in Enumerable.Range(0, orders))
                Assert.Equal(World.Results(order), await client.GetResultsAsync(World.Key(order), World.Key(order)).WaitAsync(TimeSpan.FromMinutes(5)));
            await application.StopAsync();
            return $"{orders} orders, {kills} kills ({afterKills} orders had ended by then): {World.Check(world, orders)}";
        }
        finally
        {
            for (var silo = 0; silo < silos; silo++)
                await KillAsync(silo);
            Directory.Delete(world, recursive: true);
        }
    }

    /// <summary>Starts an order, however often silos end meanwhile.</summary>
    private static async Task StartAsync(IClusterClient client, int order, int pause)
    {
        var key = World.Key(order);
        while (true)
        {
            try
            {
                await client.GetGrain<IDurableStoreGrain>(key).StartAsync(key, TestSilos.Module, "order", World.Arguments(order, pause));
                return;
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException)
            {
                await Task.Delay(100);
            }
        }
    }

    /// <summary>Starts a silo until it runs; one that the cluster takes for dead meanwhile ends itself.</summary>
    private async Task StartAsync(int silo, TestDatabase database, string world)
    {
        for (var i = 0; ; i++)
        {
            _processes[silo]?.Dispose();
            var process = _processes[silo] = Child.Start("silo", database.Name, world, _ports[2 * silo], _ports[(2 * silo) + 1]);
            if (await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)) == SiloProcess.Runs)
                return;
            Assert.True(i < 5, $"The silo does not start: it has ended with {process.ExitCode}.");
        }
    }

    private async Task KillAsync(int silo)
    {
        if (_processes[silo] is not { } process)
            return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        _processes[silo] = null;
    }
}
