namespace Fermata.Platform.FileSystems;

/// <summary>Where there is room for nothing.</summary>
internal sealed class FullOutput : OutputStream
{
    public override ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) => new(bytes.IsEmpty ? Errno.None : Errno.ENOSPC);
}
