using Microsoft.Win32.SafeHandles;

namespace Fermata.Platform;

/// <summary>Standard output or standard error of this process, opened when it is first written.</summary>
/// <param name="descriptor">Its file descriptor.</param>
/// <param name="open">Opens it where there are none.</param>
/// <param name="isRedirected">Whether it is no terminal.</param>
internal sealed class ConsoleOutput(int descriptor, Func<Stream> open, Func<bool> isRedirected) : OutputStream
{
    private readonly Lazy<OutputStream> _output = new(() =>
        OperatingSystem.IsLinux() ? new DescriptorOutput(new SafeFileHandle(descriptor, ownsHandle: false)) : new StreamOutput(open()));

    public override bool IsTerminal => !isRedirected();

    public override ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) => _output.Value.WriteAsync(bytes, cancellationToken);

    public override ValueTask<Errno> FlushAsync(CancellationToken cancellationToken = default) => _output.Value.FlushAsync(cancellationToken);

    public override ValueTask<Errno> WaitAsync(CancellationToken cancellationToken = default) => _output.Value.WaitAsync(cancellationToken);
}
