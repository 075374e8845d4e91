namespace Fermata.Python.Interop;

/// <summary>A wait, which may be cancelled.</summary>
/// <param name="end">Ends it: whether it was cancelled, and nobody has heard of that.</param>
/// <param name="token">Cancelled when it is.</param>
internal readonly struct Wait(Func<bool>? end, CancellationToken token)
{
    /// <summary>Cancelled when it is; none where it cannot be.</summary>
    public CancellationToken Token => token;

    /// <summary>Ends it.</summary>
    /// <returns>Whether it was cancelled, of which whoever waits hears by this.</returns>
    public bool End() => end is not null && end();
}
