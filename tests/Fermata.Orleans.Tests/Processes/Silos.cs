using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Fermata.Orleans.Tests.Processes;

/// <summary>Silos that are processes, of one cluster.</summary>
/// <param name="count">How many.</param>
/// <param name="database">Their database, with the tables of the cluster.</param>
/// <param name="world">Where the world notes what it was asked.</param>
/// <param name="answerTime">How long the world takes to answer.</param>
internal sealed class Silos(int count, TestDatabase database, string world, TimeSpan answerTime) : IAsyncDisposable
{
    private readonly Process?[] _processes = new Process?[count];
    private readonly string[][] _ports = [.. FreePorts(2 * count).Chunk(2)];

    /// <summary>Starts all that do not run; others than those that were killed may have ended themselves, because the cluster took them for dead.</summary>
    public async Task StartAsync() => await Task.WhenAll(Enumerable.Range(0, count).Where(silo => _processes[silo] is not { HasExited: false }).Select(StartAsync));

    public async Task KillAsync(int silo)
    {
        if (_processes[silo] is not { } process)
            return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        _processes[silo] = null;
    }

    /// <summary>Has all end as silos do that are told to.</summary>
    public async Task StopAsync()
    {
        foreach (var process in _processes.OfType<Process>())
            process.StandardInput.Close();
        foreach (var process in _processes.OfType<Process>())
            await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        for (var silo = 0; silo < count; silo++)
            await KillAsync(silo);
    }

    /// <summary>Starts a silo until it runs; one that the cluster takes for dead meanwhile ends itself.</summary>
    private async Task StartAsync(int silo)
    {
        for (var i = 0; ; i++)
        {
            _processes[silo]?.Dispose();
            var process = _processes[silo] = Child.Start(
                "silo", database.Name, world, _ports[silo][0], _ports[silo][1], answerTime.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
            if (await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(5)) == SiloProcess.Runs)
                return;
            await process.WaitForExitAsync();
            Assert.True(i < 20, $"The silo does not start: it has ended with {process.ExitCode}.");

            // Another program may have one by now.
            _ports[silo] = FreePorts(2);
        }
    }

    /// <summary>Ports that were free a moment ago.</summary>
    private static string[] FreePorts(int number)
    {
        var listeners = Enumerable.Range(0, number).Select(static _ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        Array.ForEach(listeners, static listener => listener.Start());
        string[] ports = [.. listeners.Select(static listener => ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture))];
        Array.ForEach(listeners, static listener => listener.Dispose());
        return ports;
    }
}
