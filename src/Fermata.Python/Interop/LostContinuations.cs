using System.Diagnostics.CodeAnalysis;

namespace Fermata.Python.Interop;

/// <summary>
/// What Python awaits goes on by calls of the event loop and of its futures. Where one of them has no memory, what it was to go on is lost, and nothing would end the waits for that: so all waits
/// for objects of Python end with <c>MemoryError</c>, as <c>run_forever</c> of asyncio does where that reaches it.
/// </summary>
/// <param name="ending">Cancelled when the interpreter ends.</param>
[SuppressMessage("Design", "CA1001", Justification = "A source of cancellation without a timer holds nothing as long as nobody asks for its wait handle.")]
internal sealed class LostContinuations(CancellationToken ending)
{
    private CancellationTokenSource _none = CancellationTokenSource.CreateLinkedTokenSource(ending);

    /// <summary>Cancelled when one is lost from now on, and when the interpreter ends.</summary>
    public CancellationToken Next => Volatile.Read(ref _none).Token;

    /// <summary>What Python has instead of what a wait was for.</summary>
    public static PythonException NewException() => new(PythonException.NoMemory, "", null);

    /// <summary>Ends the waits if an exception means that something does not go on: there are others that leave the event loop, of which somebody has heard already.</summary>
    public void Tell(Exception exception)
    {
        // Python has no memory either for an exception, at times.
        if (exception is PythonException { Type: PythonException.NoMemory or "SystemError" } or not PythonException)
            TellAll();
    }

    /// <summary>Ends the waits.</summary>
    public void TellAll() => _ = Interlocked.Exchange(ref _none, CancellationTokenSource.CreateLinkedTokenSource(ending)).CancelAsync();
}
