using System.Diagnostics.CodeAnalysis;

namespace Fermata.Platform;

/// <summary>Lets one operation go after the other. None holds a thread while it waits.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore holds nothing as long as nobody asks for its wait handle.")]
internal sealed class Turns
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Begins an operation, which ends when what is returned is disposed.</summary>
    public ValueTask<Turn> EnterAsync(CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested && _turn.Wait(0, CancellationToken.None) ? new(new Turn(_turn)) : WaitAsync(cancellationToken);

    private async ValueTask<Turn> WaitAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Turn(_turn);
    }

    public readonly struct Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
