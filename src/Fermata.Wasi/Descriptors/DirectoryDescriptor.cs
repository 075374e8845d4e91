using System.Text;
using Fermata.Platform;
using Fermata.Platform.FileSystems;

namespace Fermata.Wasi;

/// <summary>An open directory.</summary>
internal sealed class DirectoryDescriptor(SharedDirectory directory, string? preopenName, Rights rights, Rights inheriting, FdFlags flags)
    : Descriptor(FileType.Directory, rights, inheriting, flags)
{
    /// <summary>The entries as they were when reading began, so that cookies stay right while entries come and go.</summary>
    private DirectoryListing? _listing;

    public DirectoryHandle Handle => directory.Handle;

    /// <summary>The name under which the program was given it, in UTF-8; null for those that it opened.</summary>
    public byte[]? PreopenName { get; } = preopenName is null ? null : Encoding.UTF8.GetBytes(preopenName);

    /// <summary>Another owner of the same directory.</summary>
    public SharedDirectory Share() => directory.Share();

    /// <summary>The entries from a cookie on.</summary>
    public async ValueTask<Result<DirectoryListing>> ReadEntriesAsync(ulong cookie, CancellationToken cancellationToken)
    {
        if (cookie != 0 && _listing is { } listing)
            return listing;
        var status = await Handle.GetStatusAsync(cancellationToken).ConfigureAwait(false);
        if (!status.TryGet(out var self))
            return status.Error;
        var entries = await Handle.ReadEntriesAsync(cancellationToken).ConfigureAwait(false);
        return entries.TryGet(out var found) ? _listing = new DirectoryListing(self.Inode, found) : entries.Error;
    }

    // A directory has neither bytes nor a position.
    public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => new(Errno.EISDIR);

    public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken) => new(Errno.EISDIR);

    public override ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken) => new(Errno.EISDIR);

    public override ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> buffer, long offset, CancellationToken cancellationToken) => new(Errno.EISDIR);

    public override ValueTask<Result<long>> SeekAsync(long offset, Whence whence, CancellationToken cancellationToken) => new(Errno.EBADF);

    public override ValueTask<Errno> SetLengthAsync(long length, CancellationToken cancellationToken) => new(Errno.EISDIR);

    public override ValueTask<Errno> AllocateAsync(long offset, long length, CancellationToken cancellationToken) => new(Errno.EISDIR);

    public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken) => Handle.GetStatusAsync(cancellationToken);

    public override ValueTask<Errno> SetTimesAsync(FileTimes times, CancellationToken cancellationToken) => Handle.SetTimesAsync(times, cancellationToken);

    public override ValueTask<Errno> SyncAsync(bool dataOnly, CancellationToken cancellationToken) => Handle.SyncAsync(cancellationToken);

    public override ValueTask<Readiness> WaitReadableAsync(CancellationToken cancellationToken) => new(default(Readiness));

    public override ValueTask<Readiness> WaitWritableAsync(CancellationToken cancellationToken) => new(default(Readiness));

    protected override ValueTask CloseAsync() => directory.DisposeAsync();
}
