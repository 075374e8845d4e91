using System.Diagnostics;

namespace Fermata.Durable.Tests.Processes;

/// <summary>Orders that several processes run, which are killed at any time; every other one is a program of WASI. Every order must end once, with the right results, and nothing be asked but under its key.</summary>
internal sealed class KillRun(int orders, int kills, int workers, int seed = 15)
{
    /// <summary>How long it is from one kill to the next, in milliseconds.</summary>
    private const int ShortestLife = 500, LongestLife = 3000;

    private readonly List<Process> _processes = [];
    private readonly Random _random = new(seed);

    /// <summary>Runs it.</summary>
    /// <param name="database">The database: a path for SQLite, or a connection string.</param>
    /// <param name="progress">Where to tell how far it is.</param>
    /// <returns>What happened.</returns>
    public async Task<string> RunAsync(string database, TextWriter progress)
    {
        var world = Directory.CreateTempSubdirectory("world").FullName;
        try
        {
            // This process starts the orders and asks for them; it runs none.
            var (host, module) = await Guest.OpenAsync(TestDatabase.Of(database));
            await using var _ = host;
            // They take about as long as the kills do, one more and another less.
            var longest = World.Pause(kills * (ShortestLife + LongestLife) / 2);
            var program = await ProgramGuest.DefineAsync(host, ask: null);
            await Task.WhenAll(Enumerable.Range(0, orders).Select(order =>
            {
                var pause = _random.Next(longest);
                return IsProgram(order)
                    ? host.StartProgramAsync(World.Key(order), program, ProgramGuest.Order(order, pause))
                    : host.StartCallAsync(World.Key(order), module, "order", World.Arguments(order, pause));
            }));
            for (var i = 0; i < workers; i++)
                _processes.Add(Start(database, world));
            var ended = 0L;
            for (var kill = 1; kill <= kills; kill++)
            {
                await Task.Delay(_random.Next(ShortestLife, LongestLife));
                var victim = _random.Next(workers);
                _processes[victim].Kill();
                await _processes[victim].WaitForExitAsync();
                _processes[victim].Dispose();
                _processes[victim] = Start(database, world);
                ended = await host.CountAsync(DurableCallState.Completed);
                await progress.WriteLineAsync($"{kill} of {kills} kills, {ended} of {orders} orders");
            }

            var afterKills = ended;
            foreach (var order in Enumerable.Range(0, orders))
                await CheckAsync(host, order);
            return $"{orders} orders, {kills} kills ({afterKills} orders had ended by then): {World.Check(world, orders)}";
        }
        finally
        {
            foreach (var process in _processes)
            {
                process.Kill();
                await process.WaitForExitAsync();
                process.Dispose();
            }

            Directory.Delete(world, recursive: true);
        }
    }

    private static bool IsProgram(int order) => order % 2 != 0;

    private static async Task CheckAsync(DurableHost host, int order)
    {
        var results = await host.GetResultsAsync(World.Key(order)).WaitAsync(TimeSpan.FromMinutes(5));
        var wanted = World.Results(order);
        Assert.Equal(IsProgram(order) ? wanted[..1] : wanted, results);
        var first = order * 20;
        Assert.Equal(IsProgram(order) ? $"{first + 6}\n{first + 4}\n{first + 2}\n" : "", await host.GetOutputAsync(World.Key(order)));
    }

    private static Process Start(string database, string world) => Child.Start("worker", database, world);
}
