namespace Fermata.Platform.FileSystems;

/// <summary>An open directory as it is, but that nothing can be written.</summary>
internal sealed class ReadOnlyDirectoryHandle(DirectoryHandle inner) : DirectoryHandle
{
    public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default) => inner.GetStatusAsync(cancellationToken);

    public override ValueTask<Result<FileStatus>> GetStatusAsync(string name, CancellationToken cancellationToken = default) => inner.GetStatusAsync(name, cancellationToken);

    public override async ValueTask<Result<DirectoryHandle>> OpenDirectoryAsync(string name, CancellationToken cancellationToken = default)
    {
        var opened = await inner.OpenDirectoryAsync(name, cancellationToken).ConfigureAwait(false);
        return opened.TryGet(out var directory, out var error) ? new ReadOnlyDirectoryHandle(directory) : error;
    }

    public override async ValueTask<Result<FileHandle>> OpenFileAsync(string name, FileOpening opening, UnixFileMode? mode = null, CancellationToken cancellationToken = default)
    {
        if ((opening & ~FileOpening.Read) != 0)
        {
            var found = await inner.GetStatusAsync(name, cancellationToken).ConfigureAwait(false);
            if (!found.TryGet(out var status, out var missing) && missing != Errno.ENOENT)
                return missing;
            if (opening.OfReadOnly(missing == Errno.None ? status.Kind : null) is not Errno.None and var refusal)
                return refusal;
        }

        var opened = await inner.OpenFileAsync(name, opening & FileOpening.Read, cancellationToken: cancellationToken).ConfigureAwait(false);
        return opened.TryGet(out var file, out var error) ? new ReadOnlyFileHandle(file) : error;
    }

    public override ValueTask<Result<DirectoryEntry[]>> ReadEntriesAsync(CancellationToken cancellationToken = default) => inner.ReadEntriesAsync(cancellationToken);

    public override ValueTask<Result<string>> ReadSymbolicLinkAsync(string name, CancellationToken cancellationToken = default) =>
        inner.ReadSymbolicLinkAsync(name, cancellationToken);

    public override ValueTask<Errno> SetModeAsync(string name, UnixFileMode mode, CancellationToken cancellationToken = default) => new(Errno.EROFS);

    public override ValueTask<Errno> SetModeAsync(UnixFileMode mode, CancellationToken cancellationToken = default) => new(Errno.EROFS);

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
