using Microsoft.Win32.SafeHandles;

namespace Fermata.Platform;

/// <summary>Standard input of this process, opened when it is first read.</summary>
internal sealed class ConsoleInput : InputStream
{
    private readonly Lazy<InputStream> _input = new(static () =>
        OperatingSystem.IsLinux() ? new DescriptorInput(new SafeFileHandle(0, ownsHandle: false)) : new StreamInput(System.Console.OpenStandardInput()));

    public override bool IsTerminal => !System.Console.IsInputRedirected;

    public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _input.Value.ReadAsync(buffer, cancellationToken);

    public override ValueTask<Result<int>> WaitAsync(CancellationToken cancellationToken = default) => _input.Value.WaitAsync(cancellationToken);
}
