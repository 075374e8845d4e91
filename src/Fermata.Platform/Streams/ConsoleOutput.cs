namespace Fermata.Platform;

/// <summary>Standard output or standard error of this process, opened when it is first written.</summary>
internal sealed class ConsoleOutput(Func<Stream> open, Func<bool> isRedirected) : OutputStream
{
    private readonly Lazy<StreamOutput> _output = new(() => new StreamOutput(open()));

    public override bool IsTerminal => !isRedirected();

    public override ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) => _output.Value.WriteAsync(bytes, cancellationToken);

    public override ValueTask<Errno> FlushAsync(CancellationToken cancellationToken = default) => _output.Value.FlushAsync(cancellationToken);
}
