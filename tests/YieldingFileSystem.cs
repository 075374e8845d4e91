namespace Fermata.Tests.Shared;

/// <summary>Another file system, every operation of which waits, as that of a network does: one that a host wrote, of public types.</summary>
internal sealed class YieldingFileSystem(FileSystem files) : FileSystem
{
    private int _operations;

    /// <summary>How many operations have waited.</summary>
    public int Operations => _operations;

    public override ValueTask<Result<DirectoryHandle>> OpenRootAsync(CancellationToken cancellationToken = default) => WaitAndOpenAsync(() => files.OpenRootAsync(cancellationToken));

    private async ValueTask<T> WaitAsync<T>(Func<ValueTask<T>> operation)
    {
        Interlocked.Increment(ref _operations);
        await Task.Yield();
        return await operation();
    }

    private async ValueTask<Result<DirectoryHandle>> WaitAndOpenAsync(Func<ValueTask<Result<DirectoryHandle>>> operation)
    {
        var opened = await WaitAsync(operation);
        return opened.TryGet(out var directory) ? new YieldingDirectory(this, directory) : opened.Error;
    }

    private sealed class YieldingDirectory(YieldingFileSystem owner, DirectoryHandle directory) : DirectoryHandle
    {
        public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default) => owner.WaitAsync(() => directory.GetStatusAsync(cancellationToken));

        public override ValueTask<Result<FileStatus>> GetStatusAsync(string name, CancellationToken cancellationToken = default) =>
            owner.WaitAsync(() => directory.GetStatusAsync(name, cancellationToken));

        public override ValueTask<Result<DirectoryHandle>> OpenDirectoryAsync(string name, CancellationToken cancellationToken = default) =>
            owner.WaitAndOpenAsync(() => directory.OpenDirectoryAsync(name, cancellationToken));

        public override async ValueTask<Result<FileHandle>> OpenFileAsync(string name, FileOpening opening, UnixFileMode? mode = null, CancellationToken cancellationToken = default)
        {
            var opened = await owner.WaitAsync(() => directory.OpenFileAsync(name, opening, mode, cancellationToken));
            return opened.TryGet(out var file) ? new YieldingFile(owner, file) : opened.Error;
        }

        public override ValueTask<Result<DirectoryEntry[]>> ReadEntriesAsync(CancellationToken cancellationToken = default) =>
            owner.WaitAsync(() => directory.ReadEntriesAsync(cancellationToken));

        public override ValueTask<Result<string>> ReadSymbolicLinkAsync(string name, CancellationToken cancellationToken = default) =>
            owner.WaitAsync(() => directory.ReadSymbolicLinkAsync(name, cancellationToken));

        public override ValueTask<Errno> CreateSymbolicLinkAsync(string name, string target, CancellationToken cancellationToken = default) =>
            owner.WaitAsync(() => directory.CreateSymbolicLinkAsync(name, target, cancellationToken));

        public override ValueTask<Errno> SetTimesAsync(string name, FileTimes times, CancellationToken cancellationToken = default) =>
            owner.WaitAsync(() => directory.SetTimesAsync(name, times, cancellationToken));

        public override ValueTask<Errno> SetTimesAsync(FileTimes times, CancellationToken cancellationToken = default) => owner.WaitAsync(() => directory.SetTimesAsync(times, cancellationToken));

        public override ValueTask<Errno> CreateDirectoryAsync(string name, UnixFileMode? mode = null, CancellationToken cancellationToken = default) =>
            owner.WaitAsync(() => directory.CreateDirectoryAsync(name, mode, cancellationToken));

        public override ValueTask<Errno> RenameAsync(string name, DirectoryHandle newParent, string newName, CancellationToken cancellationToken = default) =>
            owner.WaitAsync(() => directory.RenameAsync(name, Inner(newParent), newName, cancellationToken));

        public override ValueTask<Errno> LinkAsync(string name, DirectoryHandle newParent, string newName, CancellationToken cancellationToken = default) =>
            owner.WaitAsync(() => directory.LinkAsync(name, Inner(newParent), newName, cancellationToken));

        public override ValueTask<Errno> RemoveFileAsync(string name, CancellationToken cancellationToken = default) =>
            owner.WaitAsync(() => directory.RemoveFileAsync(name, cancellationToken));

        public override ValueTask<Errno> RemoveDirectoryAsync(string name, CancellationToken cancellationToken = default) =>
            owner.WaitAsync(() => directory.RemoveDirectoryAsync(name, cancellationToken));

        public override ValueTask<Errno> SetModeAsync(string name, UnixFileMode mode, CancellationToken cancellationToken = default) =>
            owner.WaitAsync(() => directory.SetModeAsync(name, mode, cancellationToken));

        public override ValueTask<Errno> SetModeAsync(UnixFileMode mode, CancellationToken cancellationToken = default) =>
            owner.WaitAsync(() => directory.SetModeAsync(mode, cancellationToken));

        public override ValueTask<Errno> SyncAsync(CancellationToken cancellationToken = default) => owner.WaitAsync(() => directory.SyncAsync(cancellationToken));

        public override async ValueTask DisposeAsync()
        {
            await directory.DisposeAsync();
            await base.DisposeAsync();
        }

        private static DirectoryHandle Inner(DirectoryHandle handle) => handle is YieldingDirectory yielding ? yielding.Wrapped : handle;

        private DirectoryHandle Wrapped => directory;
    }

    private sealed class YieldingFile(YieldingFileSystem owner, FileHandle file) : FileHandle
    {
        protected override FileHandle Inner => file;

        public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default) => owner.WaitAsync(() => file.GetStatusAsync(cancellationToken));

        public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken = default) =>
            owner.WaitAsync(() => file.ReadAsync(buffer, offset, cancellationToken));

        public override ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> buffer, long offset, CancellationToken cancellationToken = default) =>
            owner.WaitAsync(() => file.WriteAsync(buffer, offset, cancellationToken));

        public override ValueTask<Result<int>> AppendAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            owner.WaitAsync(() => file.AppendAsync(buffer, cancellationToken));

        public override ValueTask<Errno> SetLengthAsync(long length, CancellationToken cancellationToken = default) => owner.WaitAsync(() => file.SetLengthAsync(length, cancellationToken));

        public override ValueTask<Errno> AllocateAsync(long offset, long length, CancellationToken cancellationToken = default) =>
            owner.WaitAsync(() => file.AllocateAsync(offset, length, cancellationToken));

        public override ValueTask<Errno> SetModeAsync(UnixFileMode mode, CancellationToken cancellationToken = default) => owner.WaitAsync(() => file.SetModeAsync(mode, cancellationToken));

        public override ValueTask<Errno> SetTimesAsync(FileTimes times, CancellationToken cancellationToken = default) => owner.WaitAsync(() => file.SetTimesAsync(times, cancellationToken));

        public override ValueTask<Errno> SyncAsync(bool dataOnly, CancellationToken cancellationToken = default) => owner.WaitAsync(() => file.SyncAsync(dataOnly, cancellationToken));

        public override async ValueTask DisposeAsync()
        {
            await file.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
