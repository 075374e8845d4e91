using System.Security.Cryptography;
using Fermata.Durable;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Core.Internal;
using Orleans.TestingHost;

namespace Fermata.Orleans.Tests;

/// <summary>Silos in this process, with the program's functions, on one database.</summary>
internal sealed class TestSilos : IAsyncDisposable
{
    private TestSilos(InProcessTestCluster cluster) => Cluster = cluster;

    public InProcessTestCluster Cluster { get; }

    public IClusterClient Client => Cluster.Client;

    /// <summary>The program's module.</summary>
    public static string Module { get; } = Convert.ToHexStringLower(SHA256.HashData(Guest.Bytes));

    /// <summary>The program of WASI.</summary>
    public static string Program { get; } = Convert.ToHexStringLower(SHA256.HashData(ProgramGuest.Bytes));

    /// <summary>Starts silos.</summary>
    /// <param name="database">The database.</param>
    /// <param name="silos">How many.</param>
    /// <param name="ask">Answers the program's questions, on the silo that has the services.</param>
    /// <param name="change">Changes the options.</param>
    /// <param name="reminders">Another table for reminders; null for that of the database.</param>
    /// <param name="step">What a step does.</param>
    public static async Task<TestSilos> StartAsync(
        TestDatabase database,
        short silos = 1,
        Func<IServiceProvider, DurableCall, int, Task<int>>? ask = null,
        Func<DurableHostOptions, DurableHostOptions>? change = null,
        IReminderTable? reminders = null,
        Action? step = null)
    {
        ask ??= static (_, _, value) => Task.FromResult(value);
        var builder = new InProcessTestClusterBuilder(silos);
        // That of all clusters which follow each other on one database.
        builder.Options.ServiceId = "test";
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) =>
        {
            var options = Guest.Options(database.Database) with { ShortestAbsence = TimeSpan.Zero };
            silo.AddFermataDurable(change?.Invoke(options) ?? options, async (services, host) =>
            {
                await Guest.DefineAsync(host, (call, value) => ask(services, call, value), step);
                await ProgramGuest.DefineAsync(host, (call, value) => ask(services, call, value));
            });
            if (reminders is not null)
                silo.Services.AddSingleton(reminders);
            silo.Configure<ReminderOptions>(static options => options.MinimumReminderPeriod = TimeSpan.FromSeconds(1));

            // None takes another for dead because this machine is busy with something else.
            silo.Configure<ClusterMembershipOptions>(static membership => membership.ProbeTimeout = TimeSpan.FromMinutes(1));
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new TestSilos(cluster);
    }

    public IDurableStoreGrain Store(string name) => Client.GetGrain<IDurableStoreGrain>(name);

    public Task<Value[]> ResultsAsync(string store, string? key = null) => Client.GetResultsAsync(store, key ?? store).WaitAsync(TimeSpan.FromMinutes(5));

    /// <summary>Has a grain be deactivated.</summary>
    public Task DeactivateAsync(string store) => Store(store).AsReference<IGrainManagementExtension>().DeactivateOnIdle().AsTask();

    /// <summary>Kills a silo, which the others take for dead at once.</summary>
    public async Task KillAsync(SiloAddress silo)
    {
        await Cluster.KillSiloAsync(Cluster.GetSiloForAddress(silo)!);
        var other = Cluster.Silos.First(other => !other.SiloAddress.Equals(silo));
        await other.SiloHost.Services.GetRequiredService<IClusterMembershipService>().TryKill(silo);
    }

    /// <summary>How many stores run on all silos.</summary>
    public int RunningStores() => Cluster.Silos.Sum(static silo => silo.SiloHost.Services.GetRequiredService<DurableHostAccessor>().Host.RunningStores);

    /// <summary>Waits until something is so.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        for (var i = 0; !isSo(); i++)
        {
            Assert.True(i < 15_000, "it does not become so");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync() => await Cluster.DisposeAsync();
}
