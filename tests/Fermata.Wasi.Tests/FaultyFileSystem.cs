namespace Fermata.Wasi.Tests;

/// <summary>A file system that fails, as <c>faults.c</c> says.</summary>
internal sealed class FaultyFileSystem : FileSystem
{
    private static readonly Type[] Exceptions =
    [
        typeof(FileNotFoundException), typeof(DirectoryNotFoundException), typeof(UnauthorizedAccessException), typeof(PathTooLongException), typeof(NotSupportedException),
        typeof(TaskCanceledException), typeof(OutOfMemoryException), typeof(IOException), typeof(NullReferenceException),
    ];

    /// <summary>How many of its files have been closed.</summary>
    public int ClosedFiles { get; private set; }

    public override ValueTask<Result<DirectoryHandle>> OpenRootAsync(CancellationToken cancellationToken = default) => new(new Root(this));

    /// <summary>Fails as a name says.</summary>
    private static Errno Fail(string name) =>
        Enum.TryParse<Errno>(name, out var error) ? error
        : Array.Find(Exceptions, type => type.Name == name) is { } exception ? throw (Exception)Activator.CreateInstance(exception)!
        : throw new FaultException();

    private sealed class Root(FaultyFileSystem files) : DirectoryHandle
    {
        public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default) => new(new FileStatus { Kind = FileKind.Directory });

        public override ValueTask<Result<FileStatus>> GetStatusAsync(string name, CancellationToken cancellationToken = default) => new(Fail(name));

        public override ValueTask<Result<DirectoryHandle>> OpenDirectoryAsync(string name, CancellationToken cancellationToken = default) =>
            name == "d" ? new(new FaultyDirectory()) : new(Fail(name));

        public override ValueTask<Result<FileHandle>> OpenFileAsync(string name, FileOpening opening, UnixFileMode? mode = null, CancellationToken cancellationToken = default) =>
            name == "file" ? new(new FaultyFile(files)) : new(Fail(name));

        public override ValueTask<Result<DirectoryEntry[]>> ReadEntriesAsync(CancellationToken cancellationToken = default) => throw new FaultException();

        public override ValueTask<Result<string>> ReadSymbolicLinkAsync(string name, CancellationToken cancellationToken = default) =>
            new(name is "file" or "d" ? Errno.EINVAL : Fail(name));

        public override ValueTask<Errno> CreateDirectoryAsync(string name, UnixFileMode? mode = null, CancellationToken cancellationToken = default) => new(Fail(name));

        public override ValueTask<Errno> CreateSymbolicLinkAsync(string name, string target, CancellationToken cancellationToken = default) => new(Fail(name));

        public override ValueTask<Errno> LinkAsync(string name, DirectoryHandle newParent, string newName, CancellationToken cancellationToken = default) => new(Fail(newName));

        public override ValueTask<Errno> RenameAsync(string name, DirectoryHandle newParent, string newName, CancellationToken cancellationToken = default) => new(Fail(newName));

        public override ValueTask<Errno> RemoveFileAsync(string name, CancellationToken cancellationToken = default) => new(Fail(name));

        public override ValueTask<Errno> RemoveDirectoryAsync(string name, CancellationToken cancellationToken = default) => new(Fail(name));

        public override ValueTask<Errno> SetTimesAsync(string name, FileTimes times, CancellationToken cancellationToken = default) => new(Fail(name));
    }

    private sealed class FaultyDirectory : DirectoryHandle
    {
        public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default) => throw new FaultException();

        public override ValueTask<Result<FileStatus>> GetStatusAsync(string name, CancellationToken cancellationToken = default) => throw new FaultException();

        public override ValueTask<Result<DirectoryHandle>> OpenDirectoryAsync(string name, CancellationToken cancellationToken = default) => throw new FaultException();

        public override ValueTask<Result<FileHandle>> OpenFileAsync(string name, FileOpening opening, UnixFileMode? mode = null, CancellationToken cancellationToken = default) => throw new FaultException();

        public override ValueTask<Result<DirectoryEntry[]>> ReadEntriesAsync(CancellationToken cancellationToken = default) => throw new FaultException();

        public override ValueTask<Errno> SetTimesAsync(FileTimes times, CancellationToken cancellationToken = default) => throw new FaultException();

        public override ValueTask<Errno> SyncAsync(CancellationToken cancellationToken = default) => throw new FaultException();

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            throw new FaultException();
        }
    }

    /// <summary>A file that tells its status once, when it is opened.</summary>
    private sealed class FaultyFile(FaultyFileSystem files) : FileHandle
    {
        private bool _isOpened;

        public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default)
        {
            if (_isOpened)
                throw new FaultException();
            _isOpened = true;
            return new(new FileStatus { Kind = FileKind.File });
        }

        public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken = default) => throw new FaultException();

        public override async ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> buffer, long offset, CancellationToken cancellationToken = default)
        {
            // Later, as a network fails.
            await Task.Yield();
            throw new FaultException();
        }

        public override ValueTask<Errno> SetLengthAsync(long length, CancellationToken cancellationToken = default) => throw new FaultException();

        public override ValueTask<Errno> AllocateAsync(long offset, long length, CancellationToken cancellationToken = default) => throw new FaultException();

        public override ValueTask<Errno> SetTimesAsync(FileTimes times, CancellationToken cancellationToken = default) => throw new FaultException();

        public override ValueTask<Errno> SyncAsync(bool dataOnly, CancellationToken cancellationToken = default) => throw new FaultException();

        public override async ValueTask DisposeAsync()
        {
            files.ClosedFiles++;
            await base.DisposeAsync();
            throw new FaultException();
        }
    }
}
