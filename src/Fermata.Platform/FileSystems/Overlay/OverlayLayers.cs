using System.Diagnostics.CodeAnalysis;

namespace Fermata.Platform.FileSystems;

/// <summary>What all handles of an overlay share: the two file systems, what is known of the lower one's directories, and whose turn it is.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore holds nothing as long as nobody asks for its wait handle.")]
internal sealed class OverlayLayers(FileSystem lower, FileSystem upper)
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public FileSystem Lower => lower;

    public FileSystem Upper => upper;

    public OverlayDirectory Root { get; } = new(parent: null, name: "") { HasUpper = true };

    /// <summary>Begins an operation, which ends when what is returned is disposed. One runs at a time.</summary>
    public async ValueTask<Turn> EnterAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Turn(_turn);
    }

    public readonly struct Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
