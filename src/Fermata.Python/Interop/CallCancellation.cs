namespace Fermata.Python.Interop;

/// <summary>That the host cancels a call, of which the call hears once: what it does to end is not cancelled, too.</summary>
/// <param name="number">What code of the call is known by: its variable of the context.</param>
/// <param name="token">Cancels it.</param>
internal sealed class CallCancellation(int number, CancellationToken token)
{
    private int _isDelivered;

    public int Number => number;

    public CancellationToken Token => token;

    /// <summary>What the call returned to be awaited, such as a task of asyncio; null for none, or not yet.</summary>
    public PythonObject? Future { get; set; }

    public bool IsDelivered => Volatile.Read(ref _isDelivered) != 0;

    /// <summary>Whether it was cancelled, and the call has not heard of it.</summary>
    public bool IsPending => token.IsCancellationRequested && !IsDelivered;

    /// <summary>The call hears of it now.</summary>
    /// <returns>Whether there is something to hear.</returns>
    public bool TryDeliver() => token.IsCancellationRequested && Interlocked.Exchange(ref _isDelivered, 1) == 0;
}
