namespace Fermata.Platform;

/// <summary>Standard input of this process, opened when it is first read.</summary>
internal sealed class ConsoleInput : InputStream
{
    private readonly Lazy<StreamInput> _input = new(() => new StreamInput(System.Console.OpenStandardInput()));

    public override bool IsTerminal => !System.Console.IsInputRedirected;

    public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _input.Value.ReadAsync(buffer, cancellationToken);

    public override ValueTask<Result<int>> WaitAsync(CancellationToken cancellationToken = default) => _input.Value.WaitAsync(cancellationToken);
}
