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

    /// <summary>The path under which it was opened, for programs that follow paths from a root; null for others.</summary>
    public string? Path { get; init; }

    /// <summary>The cookie of the entry that is read next, for programs that do not say it: that is its position.</summary>
    public ulong Cookie => (ulong)Position;

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

    /// <summary>A directory has no bytes to read.</summary>
    public override Errno Advise() => Errno.EBADF;

    /// <summary>Moves to where reading was once, or back to the beginning.</summary>
    public override ValueTask<Result<long>> SeekAsync(long offset, Whence whence, CancellationToken cancellationToken)
    {
        var position = whence switch { Whence.Set => offset, Whence.Cur => Position + offset, _ => -1 };
        if (position < 0)
            return new(Errno.EINVAL);
        Position = position;
        return new(position);
    }

    public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken) => Handle.GetStatusAsync(cancellationToken);

    public override ValueTask<Errno> SetTimesAsync(FileTimes times, CancellationToken cancellationToken) => Handle.SetTimesAsync(times, cancellationToken);

    public override ValueTask<Errno> SetModeAsync(UnixFileMode mode, CancellationToken cancellationToken) => Handle.SetModeAsync(mode, cancellationToken);

    public override ValueTask<Errno> SyncAsync(bool dataOnly, CancellationToken cancellationToken) => Handle.SyncAsync(cancellationToken);

    protected override ValueTask CloseAsync() => directory.DisposeAsync();
}
