using System.Diagnostics.Metrics;

namespace Fermata.Durable;

/// <summary>The metrics, of the meter <c>Fermata.Durable</c>.</summary>
internal static class Telemetry
{
    private static readonly Meter Meter = new("Fermata.Durable");

    public static Counter<long> Commits { get; } = Meter.CreateCounter<long>("fermata.durable.commits", "{commit}", "Commits of stores");

    public static Counter<long> HostCalls { get; } = Meter.CreateCounter<long>("fermata.durable.host_calls", "{call}", "Calls of functions of the host that guests wait for");

    public static Counter<long> Resumes { get; } = Meter.CreateCounter<long>("fermata.durable.resumes", "{store}", "Stores that were started or restored");
}
