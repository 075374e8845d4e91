using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace Fermata.Orleans.Tests.Processes;

/// <summary>A silo that is a process, of a cluster in PostgreSQL.</summary>
internal static class SiloProcess
{
    private const string Invariant = "Npgsql";

    /// <summary>The line that a silo writes when it runs.</summary>
    public const string Runs = "runs";

    /// <summary>What all clusters call themselves that follow each other on one database.</summary>
    public const string Service = "kill";

    /// <summary>Runs orders until it is killed.</summary>
    /// <param name="database">The database.</param>
    /// <param name="folder">Where the world notes what it was asked.</param>
    /// <param name="siloPort">The port for other silos.</param>
    /// <param name="gatewayPort">The port for clients.</param>
    /// <param name="answerTime">How long the world takes to answer, so that silos are killed meanwhile, too.</param>
    public static async Task RunAsync(string database, string folder, int siloPort, int gatewayPort, TimeSpan answerTime)
    {
        using var world = new World(folder);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Invariant, database))
                .Configure<ClusterOptions>(NameCluster)
                .ConfigureEndpoints(IPAddress.Loopback, siloPort, gatewayPort)
                .Configure<ReminderOptions>(static reminders => reminders.MinimumReminderPeriod = TimeSpan.FromSeconds(2))
                .Configure<ClusterMembershipOptions>(static membership =>
                {
                    membership.ProbeTimeout = TimeSpan.FromSeconds(1);
                    membership.NumMissedProbesLimit = 2;
                    membership.NumVotesForDeathDeclaration = 1;
                })
                .AddFermataDurable(
                    Guest.Options(TestDatabase.Of(database)) with { PollInterval = TimeSpan.FromMilliseconds(500), ShortestAbsence = TimeSpan.Zero },
                    (_, host) => Guest.DefineAsync(host, async (call, value) =>
                    {
                        var answer = await world.AskAsync(call, value);
                        await Task.Delay(answerTime, call.CancellationToken);
                        return answer;
                    }));
        });
        using var application = builder.Build();
        await application.StartAsync();
        Console.WriteLine(Runs);

        // It ends with the process that has started it.
        await Console.In.ReadToEndAsync();
        await application.StopAsync();
    }

    /// <summary>A client of the cluster.</summary>
    /// <param name="database">The database.</param>
    /// <param name="longestAnswer">How long a silo may take for an answer before it is given up.</param>
    public static IHost Client(string database, TimeSpan longestAnswer)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client => client
            .UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Invariant, database))
            .Configure<ClusterOptions>(NameCluster)
            .Configure<ClientMessagingOptions>(messages => messages.ResponseTimeout = longestAnswer)
            .Configure<GatewayOptions>(static gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1)));
        return builder.Build();
    }

    private static void NameCluster(ClusterOptions cluster) => (cluster.ClusterId, cluster.ServiceId) = (Service, Service);
}
