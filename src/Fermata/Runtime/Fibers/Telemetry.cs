using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Fermata.Runtime;

/// <summary>What the process tells of the calls in all stores. The names follow the conventions of OpenTelemetry.</summary>
internal static class Telemetry
{
    public const string Name = "Fermata";

    private static readonly Meter Meter = new(Name);
    private static readonly ObservableUpDownCounter<long> RunningCalls = Meter.CreateObservableUpDownCounter(
        "fermata.calls.running", static () => Volatile.Read(ref Running), "{call}", "Promising calls whose code runs.");
    private static readonly ObservableUpDownCounter<long> SuspendedCalls = Meter.CreateObservableUpDownCounter(
        "fermata.calls.suspended", static () => Volatile.Read(ref Suspended), "{call}", "Promising calls that are suspended.");

    public static readonly ActivitySource Activities = new(Name);
    public static readonly Counter<long> Suspensions =
        Meter.CreateCounter<long>("fermata.suspensions", "{suspension}", "How often calls were suspended.");
    public static readonly Counter<long> Resumptions =
        Meter.CreateCounter<long>("fermata.resumptions", "{resumption}", "How often suspended calls went on.");
    public static readonly Counter<long> SavedFrames =
        Meter.CreateCounter<long>("fermata.frames.saved", "{frame}", "Frames that were saved when calls were suspended.");
    public static readonly Histogram<double> SuspensionTime = Meter.CreateHistogram(
        "fermata.suspension.duration",
        "s",
        "How long calls were suspended.",
        null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 600] });

    /// <summary>How many of the observed calls run.</summary>
    public static long Running;

    /// <summary>How many of the observed calls are suspended.</summary>
    public static long Suspended;

    /// <summary>Whether anybody wants to know.</summary>
    public static bool IsWanted =>
        Activities.HasListeners()
        || RunningCalls.Enabled || SuspendedCalls.Enabled || Suspensions.Enabled || Resumptions.Enabled || SavedFrames.Enabled || SuspensionTime.Enabled;

    /// <summary>A span of work on a module that is not a call; null if nobody wants it.</summary>
    public static Activity? Start(string operation, string? module)
    {
        var activity = Activities.StartActivity(operation);
        if (module is not null)
            activity?.SetTag("fermata.module", module);
        return activity;
    }
}
