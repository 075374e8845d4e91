using Fermata.Platform.FileSystems;
using Microsoft.Win32.SafeHandles;

namespace Fermata.Platform;

/// <summary>Writes to a file descriptor of Linux, at its own position.</summary>
/// <remarks>Streams of .NET's console drop what nobody reads any more, so that a program would write on without end.</remarks>
internal sealed class DescriptorOutput(SafeFileHandle descriptor) : OrderedOutput
{
    /// <summary>PIPE_BUF: a pipe that takes anything at all takes that much at once, so that nobody is held up in the middle of a write.</summary>
    private const int PieceBytes = 4096;

    private readonly DescriptorWait _writable = new(descriptor, DescriptorWait.Writable);

    public override async ValueTask<Errno> WaitAsync(CancellationToken cancellationToken = default)
    {
        await _writable.WaitAsync(cancellationToken).ConfigureAwait(false);
        return Errno.None;
    }

    protected override async ValueTask<Errno> WriteInTurnAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            await _writable.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (LinuxCalls.Write(descriptor, bytes.Span[..Math.Min(bytes.Length, PieceBytes)], offset: null).TryGet(out var count, out var error))
                bytes = bytes[count..];
            else if (error != Errno.EAGAIN)
                return error;
        }

        return Errno.None;
    }
}
