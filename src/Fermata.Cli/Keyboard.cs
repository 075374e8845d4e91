using System.Diagnostics.CodeAnalysis;

namespace Fermata.Cli;

/// <summary>The keys of a person, for all that read them in turn. One that nobody waits for any more is there for whoever reads next.</summary>
/// <param name="readKey">Waits for a key, which is not shown.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore holds nothing as long as nobody asks for its wait handle.")]
internal sealed class Keyboard(Func<ConsoleKeyInfo> readKey)
{
    private readonly SemaphoreSlim _turn = new(1);
    private Task<ConsoleKeyInfo>? _next;

    /// <summary>Waits for a key.</summary>
    public ConsoleKeyInfo Read() => ReadAsync(CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>The same, without a thread of whoever reads.</summary>
    /// <param name="cancellationToken">Ends the wait, and not that for the key.</param>
    public async Task<ConsoleKeyInfo> ReadAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _next ??= Task.Run(readKey, CancellationToken.None);
            var key = await _next.WaitAsync(cancellationToken).ConfigureAwait(false);
            _next = null;
            return key;
        }
        finally
        {
            _turn.Release();
        }
    }
}
