using System.Buffers;

namespace Fermata.Platform.FileSystems;

/// <summary>How entries of the two file systems become one, and how what is to be written gets into the upper one. All of it runs in a turn.</summary>
internal sealed partial class OverlayDirectoryHandle
{
    private const int PieceBytes = 64 << 10;

    /// <summary>Two that have no inode may be different.</summary>
    private static bool IsSame(FileStatus one, FileStatus other) => one.Inode != 0 && (one.Device, one.Inode) == (other.Device, other.Inode);

    private async ValueTask<Turns.Turn> EnterAsync(CancellationToken cancellationToken)
    {
        var turn = await _layers.Turns.EnterAsync(cancellationToken).ConfigureAwait(false);
        if (!_isClosed)
            return turn;
        turn.Dispose();
        throw new ObjectDisposedException(nameof(OverlayDirectoryHandle));
    }

    private OverlayDirectoryHandle? OfSameOverlay(DirectoryHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        if (handle is not OverlayDirectoryHandle other || other._layers != _layers)
            return null;
        ObjectDisposedException.ThrowIf(other._isClosed, other);
        return other;
    }

    /// <summary>What only the lower file system has of a name is seen no more.</summary>
    private void Hide(string name, OverlayEntry entry)
    {
        if (entry.Lower is not null)
            known!.Hide(name);
    }

    private async ValueTask<Result<OverlayEntry>> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (EntryName.Check(name) is not Errno.None and var badName)
            return badName;
        if (!(await FindUpperAsync(cancellationToken).ConfigureAwait(false)).TryGet(out var directory, out var error))
            return error;
        FileStatus? above = null, below = null;
        if (directory is not null)
        {
            if ((await directory.GetStatusAsync(name, cancellationToken).ConfigureAwait(false)).TryGet(out var status, out error))
                above = status;
            else if (error != Errno.ENOENT)
                return error;
        }

        if (lower is not null && !known!.Hides(name))
        {
            if ((await lower.GetStatusAsync(name, cancellationToken).ConfigureAwait(false)).TryGet(out var status, out error))
                below = status;
            else if (error != Errno.ENOENT)
                return error;
        }

        return above is null && below is null ? Errno.ENOENT : new OverlayEntry(above, below);
    }

    private async ValueTask<Result<DirectoryEntry[]>> ListAsync(CancellationToken cancellationToken)
    {
        var entries = new Dictionary<string, DirectoryEntry>(StringComparer.Ordinal);
        if (lower is not null)
        {
            if (!(await lower.ReadEntriesAsync(cancellationToken).ConfigureAwait(false)).TryGet(out var below, out var lowerError))
                return lowerError;
            foreach (var entry in below)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!known!.Hides(entry.Name))
                    entries[entry.Name] = entry;
            }
        }

        if (!(await FindUpperAsync(cancellationToken).ConfigureAwait(false)).TryGet(out var directory, out var error))
            return error;
        if (directory is not null)
        {
            if (!(await directory.ReadEntriesAsync(cancellationToken).ConfigureAwait(false)).TryGet(out var above, out error))
                return error;
            foreach (var entry in above)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (entry.Kind != FileKind.Directory || entries.GetValueOrDefault(entry.Name).Kind != FileKind.Directory)
                    entries[entry.Name] = entry;
            }
        }

        return entries.Values.ToArray();
    }

    /// <summary>Opens a directory in both file systems, as far as they have it.</summary>
    private async ValueTask<Result<OverlayDirectoryHandle>> OpenAsync(string name, OverlayEntry entry, CancellationToken cancellationToken)
    {
        var (below, above) = ((DirectoryHandle?)null, (DirectoryHandle?)null);
        var directory = (OverlayDirectory?)null;
        Errno error;
        if (entry.IsLowerDirectory)
        {
            if (!(await lower!.OpenDirectoryAsync(name, cancellationToken).ConfigureAwait(false)).TryGet(out below, out error))
                return error;
            directory = known!.Enter(name);
            directory.HasUpper = entry.Upper is not null;
        }

        if (entry.Upper is null || (await _upper!.OpenDirectoryAsync(name, cancellationToken).ConfigureAwait(false)).TryGet(out above, out error))
            return new OverlayDirectoryHandle(_layers, directory, below, above);
        if (below is not null)
            await below.DisposeAsync().ConfigureAwait(false);
        return error;
    }

    /// <summary>Whether a directory is empty; where only the upper file system has it, that one looks itself.</summary>
    private async ValueTask<Errno> CheckEmptyAsync(string name, OverlayEntry entry, CancellationToken cancellationToken)
    {
        if (!entry.IsLowerDirectory)
            return Errno.None;
        if (!(await OpenAsync(name, entry, cancellationToken).ConfigureAwait(false)).TryGet(out var directory, out var error))
            return error;
        var isRead = (await directory.ListAsync(cancellationToken).ConfigureAwait(false)).TryGet(out var entries, out error);
        await directory.CloseAsync().ConfigureAwait(false);
        return isRead && entries.Length > 0 ? Errno.ENOTEMPTY : error;
    }

    private async ValueTask<Errno> CheckReplacingAsync(FileKind kind, string name, OverlayEntry replaced, CancellationToken cancellationToken)
    {
        var error = RenameRules.Check(kind, replaced.Kind, isEmpty: true);
        return error == Errno.None && replaced.Kind == FileKind.Directory ? await CheckEmptyAsync(name, replaced, cancellationToken).ConfigureAwait(false) : error;
    }

    /// <summary>Changes what is told of an entry, which is copied up for it.</summary>
    private async ValueTask<Errno> ChangeAsync<TState>(
        string name, Func<DirectoryHandle, string, TState, CancellationToken, ValueTask<Errno>> change, TState state, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken).ConfigureAwait(false);
        if (!(await FindAsync(name, cancellationToken).ConfigureAwait(false)).TryGet(out var entry, out var error))
            return error;
        if (entry.Upper is null)
            error = await CopyUpAsync(name, entry.Status, withContent: true, cancellationToken).ConfigureAwait(false);
        return error == Errno.None ? await change(_upper!, name, state, cancellationToken).ConfigureAwait(false) : error;
    }

    /// <summary>Changes what is told of the directory itself.</summary>
    private async ValueTask<Errno> ChangeAsync<TState>(
        Func<DirectoryHandle, TState, CancellationToken, ValueTask<Errno>> change, TState state, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken).ConfigureAwait(false);
        return (await MakeUpperAsync(cancellationToken).ConfigureAwait(false)).TryGet(out var directory, out var error)
            ? await change(directory, state, cancellationToken).ConfigureAwait(false)
            : error;
    }

    private async ValueTask<Errno> CreateAsync<TState>(
        string name, Func<DirectoryHandle, string, TState, CancellationToken, ValueTask<Errno>> create, TState state, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken).ConfigureAwait(false);
        if ((await FindAsync(name, cancellationToken).ConfigureAwait(false)).Error is not Errno.ENOENT and var found)
            return found == Errno.None ? Errno.EEXIST : found;
        if (EntryName.Check(name) is not Errno.None and var badName)
            return badName;
        return (await MakeUpperAsync(cancellationToken).ConfigureAwait(false)).TryGet(out var directory, out var error)
            ? await create(directory, name, state, cancellationToken).ConfigureAwait(false)
            : error;
    }

    /// <summary>Renames or links in the upper file system what is copied up before, if it must be.</summary>
    private async ValueTask<Errno> MoveAsync(
        string name,
        OverlayEntry entry,
        OverlayDirectoryHandle newParent,
        string newName,
        Func<DirectoryHandle, string, DirectoryHandle, string, CancellationToken, ValueTask<Errno>> move,
        CancellationToken cancellationToken)
    {
        if (EntryName.Check(newName) is not Errno.None and var badName)
            return badName;
        if (!(await newParent.MakeUpperAsync(cancellationToken).ConfigureAwait(false)).TryGet(out var newDirectory, out var error))
            return error;
        if (entry.Upper is null)
            error = await CopyUpAsync(name, entry.Status, withContent: true, cancellationToken).ConfigureAwait(false);
        return error == Errno.None ? await move(_upper!, name, newDirectory, newName, cancellationToken).ConfigureAwait(false) : error;
    }

    /// <summary>The directory in the upper file system; null if it is not there.</summary>
    private async ValueTask<Result<DirectoryHandle?>> FindUpperAsync(CancellationToken cancellationToken)
    {
        if (_upper is not null || known is not { HasUpper: true, IsRemoved: false })
            return _upper;
        if (!(await OpenUpperAsync(known, cancellationToken).ConfigureAwait(false)).TryGet(out var directory, out var error))
            return error;
        return _upper = directory;
    }

    /// <summary>The directory in the upper file system, which is made if it is not there, as are those above it.</summary>
    private async ValueTask<Result<DirectoryHandle>> MakeUpperAsync(CancellationToken cancellationToken)
    {
        if (_upper is not null)
            return _upper;
        if (known!.IsRemoved)
            return Errno.ENOENT;
        if (!(await OpenUpperAsync(known, cancellationToken).ConfigureAwait(false)).TryGet(out var directory, out var error))
            return error;
        return _upper = directory;
    }

    private async ValueTask<Result<DirectoryHandle>> OpenUpperAsync(OverlayDirectory directory, CancellationToken cancellationToken)
    {
        if (directory.Parent is null)
            return await _layers.Upper.OpenRootAsync(cancellationToken).ConfigureAwait(false);
        if (!(await OpenUpperAsync(directory.Parent, cancellationToken).ConfigureAwait(false)).TryGet(out var parent, out var error))
            return error;
        await using (parent.ConfigureAwait(false))
        {
            if (!directory.HasUpper)
                error = await parent.CreateDirectoryAsync(directory.Name, cancellationToken: cancellationToken).ConfigureAwait(false);
            if (error is not (Errno.None or Errno.EEXIST))
                return error;
            directory.HasUpper = true;
            return await parent.OpenDirectoryAsync(directory.Name, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes in the upper file system what only the lower one has.</summary>
    private async ValueTask<Errno> CopyUpAsync(string name, FileStatus status, bool withContent, CancellationToken cancellationToken)
    {
        if (!(await MakeUpperAsync(cancellationToken).ConfigureAwait(false)).TryGet(out var directory, out var error))
            return error;
        switch (status.Kind)
        {
            case FileKind.Directory:
                error = await directory.CreateDirectoryAsync(name, status.Mode, cancellationToken).ConfigureAwait(false);
                known!.Enter(name).HasUpper = error == Errno.None;
                return error;
            case FileKind.SymbolicLink:
                return (await lower!.ReadSymbolicLinkAsync(name, cancellationToken).ConfigureAwait(false)).TryGet(out var target, out error)
                    ? await directory.CreateSymbolicLinkAsync(name, target, cancellationToken).ConfigureAwait(false)
                    : error;
            case FileKind.File:
                return await CopyFileAsync(name, directory, status.Mode, withContent, cancellationToken).ConfigureAwait(false);
            default:
                return Errno.EXDEV;
        }
    }

    private async ValueTask<Errno> CopyFileAsync(string name, DirectoryHandle directory, UnixFileMode? mode, bool withContent, CancellationToken cancellationToken)
    {
        const FileOpening New = FileOpening.Write | FileOpening.Create | FileOpening.Exclusive;
        if (!(await lower!.OpenFileAsync(name, FileOpening.Read, cancellationToken: cancellationToken).ConfigureAwait(false)).TryGet(out var source, out var error))
            return error;
        await using var closesSource = source.ConfigureAwait(false);
        if (!(await directory.OpenFileAsync(name, New, mode, cancellationToken).ConfigureAwait(false)).TryGet(out var copy, out error))
            return error;
        await using var closesCopy = copy.ConfigureAwait(false);
        var isWhole = false;
        try
        {
            if (withContent)
                error = await CopyContentAsync(source, copy, cancellationToken).ConfigureAwait(false);
            isWhole = error == Errno.None;
        }
        finally
        {
            // Half a copy would hide the file.
            if (!isWhole)
                await directory.RemoveFileAsync(name, CancellationToken.None).ConfigureAwait(false);
        }

        return error;
    }

    /// <summary>Copies bytes, but for those of holes, and times.</summary>
    private static async ValueTask<Errno> CopyContentAsync(FileHandle source, FileHandle copy, CancellationToken cancellationToken)
    {
        if (!(await source.GetStatusAsync(cancellationToken).ConfigureAwait(false)).TryGet(out var status, out var error))
            return error;
        error = await copy.SetLengthAsync(status.Length, cancellationToken).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            for (var (offset, count) = (0L, 1); error == Errno.None && count > 0; offset += count)
            {
                if (!(await source.ReadAsync(buffer, offset, cancellationToken).ConfigureAwait(false)).TryGet(out count, out error))
                    break;
                if (buffer.AsSpan(0, count).ContainsAnyExcept((byte)0))
                    error = await WriteAllAsync(copy, buffer.AsMemory(0, count), offset, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return error == Errno.None
            ? await copy.SetTimesAsync(new FileTimes(status.AccessTime, status.ModificationTime), cancellationToken).ConfigureAwait(false)
            : error;
    }

    private static async ValueTask<Errno> WriteAllAsync(FileHandle file, ReadOnlyMemory<byte> bytes, long offset, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            if (!(await file.WriteAsync(bytes, offset, cancellationToken).ConfigureAwait(false)).TryGet(out var count, out var error))
                return error;
            bytes = bytes[count..];
            offset += count;
        }

        return Errno.None;
    }
}
