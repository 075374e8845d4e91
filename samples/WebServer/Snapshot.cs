namespace Fermata.Samples.WebServer;

/// <summary>What the page shows.</summary>
/// <param name="Running">Calls whose code runs just now.</param>
/// <param name="Suspended">Calls that wait, without a thread.</param>
/// <param name="Done">How many guests have given their answer.</param>
/// <param name="Failed">How many have failed.</param>
/// <param name="Threads">Threads of the pool.</param>
/// <param name="MemoryBytes">What the process has of the machine's memory.</param>
/// <param name="GuestCount">How many guests are there.</param>
/// <param name="Guests">The guests that have been there longest.</param>
/// <param name="Failures">The newest failures.</param>
internal sealed record Snapshot(
    long Running, long Suspended, long Done, long Failed, int Threads, long MemoryBytes, int GuestCount, IReadOnlyList<Snapshot.GuestView> Guests,
    IReadOnlyList<Snapshot.FailureView> Failures)
{
    /// <summary>A guest, as the page shows it.</summary>
    /// <param name="Id">Its number.</param>
    /// <param name="Command">What it was asked to do.</param>
    /// <param name="State">What its call does; null if that has not begun or has ended.</param>
    /// <param name="WaitsFor">The import that it waits for; <c>fuel</c> if it computes for long and has let others go first.</param>
    /// <param name="Milliseconds">How long it has been there.</param>
    /// <param name="Stack">The functions that wait, innermost first.</param>
    internal sealed record GuestView(long Id, string Command, FiberState? State, string? WaitsFor, int Milliseconds, string Stack);

    /// <summary>A failure, as the page shows it.</summary>
    /// <param name="Id">The number of the guest.</param>
    /// <param name="Command">What it was asked to do.</param>
    /// <param name="Status">The status of the response.</param>
    /// <param name="Reason">What happened.</param>
    internal sealed record FailureView(long Id, string Command, int Status, string Reason);
}
