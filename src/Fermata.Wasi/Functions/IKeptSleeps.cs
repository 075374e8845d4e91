namespace Fermata.Wasi.Functions;

/// <summary>Whoever keeps sleeps of a program outside of its process, so that the program need not be in memory meanwhile.</summary>
internal interface IKeptSleeps
{
    /// <summary>Begins a sleep, or goes on with that of a snapshot.</summary>
    /// <param name="call">Names it.</param>
    /// <param name="milliseconds">How long it takes from now; nothing, or less, if it is over.</param>
    /// <returns>Ends with the sleep, as far as its keeper's clock tells; null if it is not kept.</returns>
    Task? Begin(CallKey call, long milliseconds);

    /// <summary>The program goes on behind a sleep, in its turn. Nothing happens if it was not kept.</summary>
    void End(CallKey call);
}
