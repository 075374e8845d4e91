using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Fermata.Python.Interop;

/// <summary>What Ctrl-C is elsewhere: a signal that Python sees between its instructions, and that ends waits of its main program.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source of cancellation without a timer holds nothing as long as nobody asks for its wait handle.")]
internal sealed class Interrupts
{
    private const int SigInt = 2, HeldLooks = 200;

    /// <summary>How long the main program has to hear of a signal where it waits, before other code that computes meanwhile gets it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(50);

    private int _signal;
    private int _held;
    private long _raisedAt;
    private CancellationTokenSource _waits = new(), _inputs = new();

    /// <summary>Whether Python has not seen the last one.</summary>
    public bool IsPending => Volatile.Read(ref _signal) != 0;

    /// <summary>How many waits of main programs have not gone on, of those that a signal ends; on the store's turn.</summary>
    public int MainWaits { get; set; }

    /// <summary>Ends a wait; cancelled already if Python has not seen the last signal.</summary>
    public CancellationToken Waits
    {
        get
        {
            var token = Volatile.Read(ref _waits).Token;
            return IsPending ? new CancellationToken(canceled: true) : token;
        }
    }

    /// <summary>Ends reading of standard input, after which Python looks for signals; as <see cref="Waits"/> otherwise.</summary>
    public CancellationToken Inputs
    {
        get
        {
            var token = Volatile.Read(ref _inputs).Token;
            return IsPending ? new CancellationToken(canceled: true) : token;
        }
    }

    /// <summary>Raises the signal.</summary>
    /// <returns>Whether Python has seen the one before.</returns>
    public bool Raise()
    {
        Volatile.Write(ref _raisedAt, Stopwatch.GetTimestamp());
        var isFirst = Interlocked.Exchange(ref _signal, SigInt) == 0;
        // What waited goes on elsewhere: it may compute for long, and whoever interrupts it is not to wait for that.
        _ = Interlocked.Exchange(ref _waits, new CancellationTokenSource()).CancelAsync();
        WakeInputs();
        return isFirst;
    }

    /// <summary>Has Python look for signals where it reads standard input.</summary>
    public void WakeInputs() => _ = Interlocked.Exchange(ref _inputs, new CancellationTokenSource()).CancelAsync();

    /// <summary>What Python sees when it looks: the number of a signal that it has not seen; 0 if there is none.</summary>
    /// <param name="isMain">Whether the main program asks: where that waits it is ended, and no other code.</param>
    /// <param name="cancellations">Calls that were cancelled, which is one for them alone.</param>
    public int Look(bool isMain, Cancellations cancellations)
    {
        if (_held > 0 && _held-- > 0)
            return 0;
        if (IsPending && !isMain && MainWaits > 0 && Stopwatch.GetElapsedTime(Volatile.Read(ref _raisedAt)) < Grace)
            return 0;
        return Take() is not 0 and var signal ? signal : cancellations.InterruptRunning() ? SigInt : 0;
    }

    /// <summary>The same, whether or not signals are held back.</summary>
    public int Take() => Interlocked.Exchange(ref _signal, 0);

    /// <summary>
    /// Holds signals back until <see cref="Release"/>, or for as many looks as are less than some milliseconds apart: Python has asked whether it can wait, so that
    /// <c>run_sync</c> may be next, whose C code loses exceptions before it waits. What then waits is interrupted all the same.
    /// </summary>
    public void Hold() => _held = HeldLooks;

    /// <summary>Holds signals back no more.</summary>
    public void Release() => _held = 0;
}
