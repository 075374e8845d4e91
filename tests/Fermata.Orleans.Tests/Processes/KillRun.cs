using Fermata.Durable;
using Microsoft.Extensions.DependencyInjection;

namespace Fermata.Orleans.Tests.Processes;

/// <summary>Orders on silos that are killed at any time. Every order must end once, with the right results, and nothing be asked but under its key.</summary>
internal sealed class KillRun(int orders, int kills, int silos = 3, int seed = 15)
{
    /// <summary>How long it is from one kill to the next, in milliseconds.</summary>
    private const int ShortestLife = 1000, LongestLife = 4000;

    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(300);

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
            await using var processes = new Silos(silos, database, world, AnswerTime);
            await processes.StartAsync();
            using var application = SiloProcess.Client(database.Name, TimeSpan.FromSeconds(5));
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
                await processes.KillAsync(_random.Next(silos));
                await processes.StartAsync();
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
            catch (Exception exception) when (exception is OrleansException or TimeoutException or OperationCanceledException)
            {
                await Task.Delay(100);
            }
        }
    }
}
