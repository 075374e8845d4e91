using System.Net;
using Fermata.Durable;
using Orleans.Configuration;

namespace Fermata.Samples.DurableOrders;

/// <summary>Silos of Orleans on this machine. Who is there, the first one knows: any other may be killed.</summary>
/// <param name="Number">Which silo this process is, from 0.</param>
/// <param name="Port">The port of the first one. Each has the next, and one for clients that lies as far from it as Orleans' defaults lie apart.</param>
internal sealed record Cluster(int Number, int Port)
{
    /// <summary>The port of the first silo, if nothing else is said.</summary>
    public const int DefaultPort = 11_111;

    private const int ToGateway = 18_889;

    /// <summary>Has a silo run orders.</summary>
    public void Add(WebApplicationBuilder builder, DurableHostOptions options, Func<IServiceProvider, DurableHost, Task> define) => builder.Host.UseOrleans(silo => silo
        .UseLocalhostClustering(Port + Number, Port + Number + ToGateway, Number == 0 ? null : new IPEndPoint(IPAddress.Loopback, Port))
        .Configure<ClusterMembershipOptions>(static membership =>
        {
            // A silo that was killed is taken for dead after some seconds, as a process is without Orleans.
            membership.ProbeTimeout = TimeSpan.FromSeconds(2);
            membership.NumMissedProbesLimit = 2;
            membership.NumVotesForDeathDeclaration = 1;
        })
        .Configure<ReminderOptions>(static reminders => reminders.MinimumReminderPeriod = TimeSpan.FromSeconds(5))
        .AddFermataDurable(options, define));
}
