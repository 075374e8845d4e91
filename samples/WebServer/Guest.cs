using System.Diagnostics;

namespace Fermata.Samples.WebServer;

/// <summary>A guest that is there.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Command">What it was asked to do.</param>
/// <param name="Store">Its sandbox.</param>
internal sealed record Guest(long Id, string Command, Store Store)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>How long it has been there.</summary>
    public TimeSpan Age => Stopwatch.GetElapsedTime(_start);
}
