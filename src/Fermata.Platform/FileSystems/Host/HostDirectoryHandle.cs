using Microsoft.Win32.SafeHandles;

namespace Fermata.Platform.FileSystems;

/// <summary>An open directory of the host. All that goes to the operating system is its handle and the name of an entry.</summary>
internal sealed class HostDirectoryHandle(SafeFileHandle directory) : DirectoryHandle
{
    public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(LinuxCalls.GetStatus(directory));
    }

    public override ValueTask<Result<FileStatus>> GetStatusAsync(string name, CancellationToken cancellationToken = default) =>
        new(Check(name, cancellationToken) is not Errno.None and var error ? error : LinuxCalls.GetStatus(directory, name));

    public override ValueTask<Result<DirectoryHandle>> OpenDirectoryAsync(string name, CancellationToken cancellationToken = default)
    {
        if (Check(name, cancellationToken) is not Errno.None and var badName)
            return new(badName);
        return LinuxCalls.OpenDirectory(directory, name).TryGet(out var opened, out var error) ? new(new HostDirectoryHandle(opened)) : new(error);
    }

    public override ValueTask<Result<FileHandle>> OpenFileAsync(string name, FileOpening opening, UnixFileMode? mode = null, CancellationToken cancellationToken = default)
    {
        if (Check(name, cancellationToken) is not Errno.None and var error)
            return new(error);
        var dropsMuch = opening.HasFlag(FileOpening.Truncate) && LinuxCalls.GetStatus(directory, name).TryGet(out var status) && status.Length > LongCall.ManyBytes;
        return dropsMuch ? LongCall.MakeAsync(() => OpenFile(name, opening, mode), cancellationToken) : new(OpenFile(name, opening, mode));
    }

    public override ValueTask<Result<DirectoryEntry[]>> ReadEntriesAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(LinuxCalls.ReadEntries(directory, cancellationToken));
    }

    public override ValueTask<Result<string>> ReadSymbolicLinkAsync(string name, CancellationToken cancellationToken = default) =>
        new(Check(name, cancellationToken) is not Errno.None and var error ? error : LinuxCalls.ReadLink(directory, name));

    public override ValueTask<Errno> CreateDirectoryAsync(string name, UnixFileMode? mode = null, CancellationToken cancellationToken = default) =>
        new(Check(name, cancellationToken) is not Errno.None and var error ? error : LinuxCalls.MakeDirectory(directory, name, mode));

    public override ValueTask<Errno> CreateSymbolicLinkAsync(string name, string target, CancellationToken cancellationToken = default)
    {
        var error = Check(name, cancellationToken);
        if (error == Errno.None)
            error = EntryName.CheckTarget(target);
        return new(error == Errno.None ? LinuxCalls.MakeSymbolicLink(directory, name, target) : error);
    }

    public override ValueTask<Errno> LinkAsync(string name, DirectoryHandle newParent, string newName, CancellationToken cancellationToken = default)
    {
        var error = CheckNew(name, newParent, newName, cancellationToken, out var newDirectory);
        return new(error == Errno.None ? LinuxCalls.Link(directory, name, newDirectory, newName) : error);
    }

    public override ValueTask<Errno> RenameAsync(string name, DirectoryHandle newParent, string newName, CancellationToken cancellationToken = default)
    {
        var error = CheckNew(name, newParent, newName, cancellationToken, out var newDirectory);
        if (error != Errno.None)
            return new(error);
        using var replaced = new KeptFile(newDirectory, newName);
        return new(LinuxCalls.Rename(directory, name, newDirectory, newName));
    }

    public override ValueTask<Errno> RemoveFileAsync(string name, CancellationToken cancellationToken = default)
    {
        if (Check(name, cancellationToken) is not Errno.None and var error)
            return new(error);
        using var removed = new KeptFile(directory, name);
        return new(LinuxCalls.RemoveFile(directory, name));
    }

    public override ValueTask<Errno> RemoveDirectoryAsync(string name, CancellationToken cancellationToken = default) =>
        new(Check(name, cancellationToken) is not Errno.None and var error ? error : LinuxCalls.RemoveDirectory(directory, name));

    public override ValueTask<Errno> SetTimesAsync(string name, FileTimes times, CancellationToken cancellationToken = default) =>
        new(Check(name, cancellationToken) is not Errno.None and var error ? error : LinuxCalls.SetTimes(directory, name, times));

    public override ValueTask<Errno> SetTimesAsync(FileTimes times, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(LinuxCalls.SetTimesOfDirectory(directory, times));
    }

    public override ValueTask<Errno> SetModeAsync(string name, UnixFileMode mode, CancellationToken cancellationToken = default) =>
        new(Check(name, cancellationToken) is not Errno.None and var error ? error : LinuxCalls.SetMode(directory, name, mode));

    public override ValueTask<Errno> SetModeAsync(UnixFileMode mode, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(LinuxCalls.SetModeOfDirectory(directory, mode));
    }

    public override ValueTask<Errno> SyncAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return LongCall.MakeAsync(() => LinuxCalls.SyncDirectory(directory), cancellationToken);
    }

    public override ValueTask DisposeAsync()
    {
        directory.Dispose();
        return base.DisposeAsync();
    }

    private SafeFileHandle Directory => directory;

    /// <summary>Nothing reaches the operating system before this: that a name is one component is what keeps programs inside.</summary>
    private static Errno Check(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return EntryName.Check(name);
    }

    private static Errno CheckNew(string name, DirectoryHandle newParent, string newName, CancellationToken cancellationToken, out SafeFileHandle newDirectory)
    {
        ArgumentNullException.ThrowIfNull(newParent);
        newDirectory = (newParent as HostDirectoryHandle)?.Directory!;
        var error = Check(name, cancellationToken);
        if (error == Errno.None)
            error = EntryName.Check(newName);
        return error == Errno.None && newDirectory is null ? Errno.EXDEV : error;
    }

    /// <summary>
    /// Looks what is there first, since opening a device may already do something, and once more when it is open, since it may be another by then. Only then
    /// its content is dropped.
    /// </summary>
    private Result<FileHandle> OpenFile(string name, FileOpening opening, UnixFileMode? mode)
    {
        var error = opening.Check();
        if (error != Errno.None)
            return error;
        if (LinuxCalls.GetStatus(directory, name).TryGet(out var status, out error))
            error = opening.OfExisting(status.Kind);
        else if (error == Errno.ENOENT && opening.HasFlag(FileOpening.Create))
            error = Errno.None;
        if (error != Errno.None)
            return error;
        if (!LinuxCalls.OpenFile(directory, name, opening, mode).TryGet(out var file, out error))
            return error;
        if (LinuxCalls.GetStatus(file).TryGet(out status, out error))
            error = (opening & ~FileOpening.Exclusive).OfExisting(status.Kind);
        if (error == Errno.None && opening.HasFlag(FileOpening.Truncate) && status.Kind == FileKind.File)
            error = LinuxCalls.SetLength(file, 0);
        if (error == Errno.None)
            return status.Kind == FileKind.Pipe ? new HostPipeHandle(file, opening) : new HostFileHandle(file, opening);
        file.Dispose();
        return error;
    }
}
