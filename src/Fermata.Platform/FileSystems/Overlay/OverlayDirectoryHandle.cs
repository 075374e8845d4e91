namespace Fermata.Platform.FileSystems;

/// <summary>An open directory of an overlay.</summary>
/// <param name="layers">The overlay.</param>
/// <param name="known">What is known of the directory, if the lower file system has it.</param>
/// <param name="lower">The directory in the lower file system; null if it is not there.</param>
/// <param name="upper">The directory in the upper file system; null if it is not there, or was not when it was opened.</param>
internal sealed partial class OverlayDirectoryHandle(OverlayLayers layers, OverlayDirectory? known, DirectoryHandle? lower, DirectoryHandle? upper) : DirectoryHandle
{
    private readonly OverlayLayers _layers = layers;
    private DirectoryHandle? _upper = upper;
    private bool _isClosed;

    public override async ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        using var turn = await EnterAsync(cancellationToken).ConfigureAwait(false);
        if (!(await FindUpperAsync(cancellationToken).ConfigureAwait(false)).TryGet(out var directory, out var error))
            return error;
        if (lower is null)
            return await directory!.GetStatusAsync(cancellationToken).ConfigureAwait(false);
        var lowerStatus = await lower.GetStatusAsync(cancellationToken).ConfigureAwait(false);
        if (directory is null || lowerStatus.Error != Errno.None)
            return lowerStatus;
        var status = await directory.GetStatusAsync(cancellationToken).ConfigureAwait(false);
        return status.Error == Errno.None ? OverlayEntry.Merge(status.Value, lowerStatus.Value) : status;
    }

    public override async ValueTask<Result<FileStatus>> GetStatusAsync(string name, CancellationToken cancellationToken = default)
    {
        using var turn = await EnterAsync(cancellationToken).ConfigureAwait(false);
        return (await FindAsync(name, cancellationToken).ConfigureAwait(false)).TryGet(out var entry, out var error) ? entry.Status : error;
    }

    public override async ValueTask<Result<DirectoryHandle>> OpenDirectoryAsync(string name, CancellationToken cancellationToken = default)
    {
        using var turn = await EnterAsync(cancellationToken).ConfigureAwait(false);
        if (!(await FindAsync(name, cancellationToken).ConfigureAwait(false)).TryGet(out var entry, out var error))
            return error;
        if (entry.Kind != FileKind.Directory)
            return Errno.ENOTDIR;
        return (await OpenAsync(name, entry, cancellationToken).ConfigureAwait(false)).TryGet(out var directory, out error) ? directory : error;
    }

    public override async ValueTask<Result<FileHandle>> OpenFileAsync(string name, FileOpening opening, UnixFileMode? mode = null, CancellationToken cancellationToken = default)
    {
        using var turn = await EnterAsync(cancellationToken).ConfigureAwait(false);
        var isThere = (await FindAsync(name, cancellationToken).ConfigureAwait(false)).TryGet(out var entry, out var error);
        if (!isThere && (error != Errno.ENOENT || !opening.HasFlag(FileOpening.Create)))
            return error;
        error = opening.Check();
        if (error == Errno.None && isThere)
            error = opening.OfExisting(entry.Kind);
        if (error != Errno.None)
            return error;
        if (isThere && entry.Upper is null)
        {
            if (!opening.HasFlag(FileOpening.Write) || entry.Kind != FileKind.File)
                return await lower!.OpenFileAsync(name, opening, mode, cancellationToken).ConfigureAwait(false);
            error = await CopyUpAsync(name, entry.Status, withContent: !opening.HasFlag(FileOpening.Truncate), cancellationToken).ConfigureAwait(false);
            if (error != Errno.None)
                return error;
        }

        return (await MakeUpperAsync(cancellationToken).ConfigureAwait(false)).TryGet(out var directory, out error)
            ? await directory.OpenFileAsync(name, opening, mode, cancellationToken).ConfigureAwait(false)
            : error;
    }

    public override async ValueTask<Result<DirectoryEntry[]>> ReadEntriesAsync(CancellationToken cancellationToken = default)
    {
        using var turn = await EnterAsync(cancellationToken).ConfigureAwait(false);
        return await ListAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask<Result<string>> ReadSymbolicLinkAsync(string name, CancellationToken cancellationToken = default)
    {
        using var turn = await EnterAsync(cancellationToken).ConfigureAwait(false);
        if (!(await FindAsync(name, cancellationToken).ConfigureAwait(false)).TryGet(out var entry, out var error))
            return error;
        return await (entry.Upper is null ? lower : _upper)!.ReadSymbolicLinkAsync(name, cancellationToken).ConfigureAwait(false);
    }

    public override ValueTask<Errno> CreateDirectoryAsync(string name, UnixFileMode? mode = null, CancellationToken cancellationToken = default) =>
        CreateAsync(name, static (directory, name, mode, token) => directory.CreateDirectoryAsync(name, mode, token), mode, cancellationToken);

    public override ValueTask<Errno> CreateSymbolicLinkAsync(string name, string target, CancellationToken cancellationToken = default) =>
        CreateAsync(name, static (directory, name, target, token) => directory.CreateSymbolicLinkAsync(name, target, token), target, cancellationToken);

    public override async ValueTask<Errno> LinkAsync(string name, DirectoryHandle newParent, string newName, CancellationToken cancellationToken = default)
    {
        using var turn = await EnterAsync(cancellationToken).ConfigureAwait(false);
        if (!(await FindAsync(name, cancellationToken).ConfigureAwait(false)).TryGet(out var entry, out var error))
            return error;
        if (entry.Kind == FileKind.Directory)
            return Errno.EPERM;
        if (OfSameOverlay(newParent) is not { } other)
            return Errno.EXDEV;
        if ((await other.FindAsync(newName, cancellationToken).ConfigureAwait(false)).Error is not Errno.ENOENT and var found)
            return found == Errno.None ? Errno.EEXIST : found;
        return await MoveAsync(name, entry, other, newName, static (from, name, to, newName, token) => from.LinkAsync(name, to, newName, token), cancellationToken)
            .ConfigureAwait(false);
    }

    public override async ValueTask<Errno> RenameAsync(string name, DirectoryHandle newParent, string newName, CancellationToken cancellationToken = default)
    {
        using var turn = await EnterAsync(cancellationToken).ConfigureAwait(false);
        if (!(await FindAsync(name, cancellationToken).ConfigureAwait(false)).TryGet(out var entry, out var error))
            return error;
        if (OfSameOverlay(newParent) is not { } other)
            return Errno.EXDEV;
        var isThere = (await other.FindAsync(newName, cancellationToken).ConfigureAwait(false)).TryGet(out var replaced, out error);
        if (isThere)
        {
            if (IsSame(entry.Status, replaced.Status))
                return Errno.None;
            error = await other.CheckReplacingAsync(entry.Kind, newName, replaced, cancellationToken).ConfigureAwait(false);
        }

        if (error is not (Errno.None or Errno.ENOENT) || (error == Errno.ENOENT && EntryName.Check(newName) != Errno.None))
            return error;
        if (entry.IsLowerDirectory)
            return Errno.EXDEV;
        error = await MoveAsync(name, entry, other, newName, static (from, name, to, newName, token) => from.RenameAsync(name, to, newName, token), cancellationToken)
            .ConfigureAwait(false);
        if (error == Errno.None)
        {
            Hide(name, entry);
            if (isThere)
                other.Hide(newName, replaced);
        }

        return error;
    }

    public override async ValueTask<Errno> RemoveFileAsync(string name, CancellationToken cancellationToken = default)
    {
        using var turn = await EnterAsync(cancellationToken).ConfigureAwait(false);
        if (!(await FindAsync(name, cancellationToken).ConfigureAwait(false)).TryGet(out var entry, out var error))
            return error;
        if (entry.Kind == FileKind.Directory)
            return Errno.EISDIR;
        if (entry.Upper is not null)
            error = await _upper!.RemoveFileAsync(name, cancellationToken).ConfigureAwait(false);
        if (error == Errno.None)
            Hide(name, entry);
        return error;
    }

    public override async ValueTask<Errno> RemoveDirectoryAsync(string name, CancellationToken cancellationToken = default)
    {
        using var turn = await EnterAsync(cancellationToken).ConfigureAwait(false);
        if (!(await FindAsync(name, cancellationToken).ConfigureAwait(false)).TryGet(out var entry, out var error))
            return error;
        if (entry.Kind != FileKind.Directory)
            return Errno.ENOTDIR;
        error = await CheckEmptyAsync(name, entry, cancellationToken).ConfigureAwait(false);
        if (error == Errno.None && entry.Upper is not null)
            error = await _upper!.RemoveDirectoryAsync(name, cancellationToken).ConfigureAwait(false);
        if (error == Errno.None)
            Hide(name, entry);
        return error;
    }

    public override ValueTask<Errno> SetTimesAsync(string name, FileTimes times, CancellationToken cancellationToken = default) =>
        ChangeAsync(name, static (directory, name, times, token) => directory.SetTimesAsync(name, times, token), times, cancellationToken);

    public override ValueTask<Errno> SetTimesAsync(FileTimes times, CancellationToken cancellationToken = default) =>
        ChangeAsync(static (directory, times, token) => directory.SetTimesAsync(times, token), times, cancellationToken);

    public override ValueTask<Errno> SetModeAsync(string name, UnixFileMode mode, CancellationToken cancellationToken = default) =>
        ChangeAsync(name, static (directory, name, mode, token) => directory.SetModeAsync(name, mode, token), mode, cancellationToken);

    public override ValueTask<Errno> SetModeAsync(UnixFileMode mode, CancellationToken cancellationToken = default) =>
        ChangeAsync(static (directory, mode, token) => directory.SetModeAsync(mode, token), mode, cancellationToken);

    public override async ValueTask<Errno> SyncAsync(CancellationToken cancellationToken = default)
    {
        using var turn = await EnterAsync(cancellationToken).ConfigureAwait(false);
        return (await FindUpperAsync(cancellationToken).ConfigureAwait(false)).TryGet(out var directory, out var error) && directory is not null
            ? await directory.SyncAsync(cancellationToken).ConfigureAwait(false)
            : error;
    }

    public override async ValueTask DisposeAsync()
    {
        using var turn = await _layers.Turns.EnterAsync(CancellationToken.None).ConfigureAwait(false);
        await CloseAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask CloseAsync()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        if (lower is not null)
            await lower.DisposeAsync().ConfigureAwait(false);
        if (_upper is not null)
            await _upper.DisposeAsync().ConfigureAwait(false);
    }
}
