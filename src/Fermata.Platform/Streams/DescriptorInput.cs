using Fermata.Platform.FileSystems;
using Microsoft.Win32.SafeHandles;

namespace Fermata.Platform;

/// <summary>The bytes of a file descriptor of Linux: a terminal, a pipe, a file, as it comes. What nobody asks for stays there, for whatever reads it next.</summary>
/// <remarks>Streams of .NET's console edit lines of a terminal themselves, and have no reads that can be cancelled.</remarks>
internal sealed class DescriptorInput(SafeFileHandle descriptor) : InputStream
{
    private readonly Lock _lock = new();
    private readonly DescriptorWait _readable = new(descriptor, DescriptorWait.Readable);

    public override async ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0)
            return 0;
        while (true)
        {
            lock (_lock)
            {
                // Of two that were told of some bytes, the second would be held up where it stands.
                if (_readable.IsReady && LinuxCalls.Read(descriptor, buffer.Span, offset: null) is { Error: not Errno.EAGAIN } read)
                    return read;
            }

            await _readable.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override async ValueTask<Result<int>> WaitAsync(CancellationToken cancellationToken = default)
    {
        await _readable.WaitAsync(cancellationToken).ConfigureAwait(false);

        // A device that cannot be asked has something, as far as one knows.
        return LinuxCalls.CountReadable(descriptor).TryGet(out var count) ? count : 1;
    }
}
