using Fermata.Platform;

namespace Fermata.Python.Interop;

/// <summary>Standard input, of which a read ends when Python is interrupted (EINTR): it looks for signals then.</summary>
internal sealed class InterruptibleInput(InputStream input, Interpreter python) : InputStream
{
    public override bool IsTerminal => input.IsTerminal;

    public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        UnlessInterruptedAsync(token => input.ReadAsync(buffer, token), cancellationToken);

    public override ValueTask<Result<int>> WaitAsync(CancellationToken cancellationToken = default) => UnlessInterruptedAsync(input.WaitAsync, cancellationToken);

    private async ValueTask<Result<int>> UnlessInterruptedAsync(Func<CancellationToken, ValueTask<Result<int>>> read, CancellationToken cancellationToken)
    {
        var call = python.Promising;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, python.Interrupts.Inputs);
        try
        {
            return await read(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            call?.Wake();
            return Errno.EINTR;
        }
    }
}
