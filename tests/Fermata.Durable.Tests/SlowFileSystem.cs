using Fermata.Platform;
using Fermata.Platform.FileSystems;

namespace Fermata.Durable.Tests;

/// <summary>Files that are read when a test says so.</summary>
internal sealed class SlowFileSystem(FileSystem inner) : FileSystem
{
    /// <summary>Counts reads that wait.</summary>
    public SemaphoreSlim Reads { get; } = new(0);

    /// <summary>Has them go on, now and later.</summary>
    public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override async ValueTask<Result<DirectoryHandle>> OpenRootAsync(CancellationToken cancellationToken = default) =>
        new Root(this, (await inner.OpenRootAsync(cancellationToken)).Value);

    private sealed class Root(SlowFileSystem owner, DirectoryHandle inner) : DirectoryHandle
    {
        public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default) => inner.GetStatusAsync(cancellationToken);

        public override ValueTask<Result<FileStatus>> GetStatusAsync(string name, CancellationToken cancellationToken = default) => inner.GetStatusAsync(name, cancellationToken);

        public override ValueTask<Result<DirectoryHandle>> OpenDirectoryAsync(string name, CancellationToken cancellationToken = default) => inner.OpenDirectoryAsync(name, cancellationToken);

        public override async ValueTask<Result<FileHandle>> OpenFileAsync(string name, FileOpening opening, UnixFileMode? mode = null, CancellationToken cancellationToken = default) =>
            new File(owner, (await inner.OpenFileAsync(name, opening, mode, cancellationToken)).Value);

        public override ValueTask<Result<DirectoryEntry[]>> ReadEntriesAsync(CancellationToken cancellationToken = default) => inner.ReadEntriesAsync(cancellationToken);
    }

    private sealed class File(SlowFileSystem owner, FileHandle inner) : FileHandle
    {
        public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default) => inner.GetStatusAsync(cancellationToken);

        public override async ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken = default)
        {
            owner.Reads.Release();
            await owner.Go.Task.WaitAsync(cancellationToken);
            return await inner.ReadAsync(buffer, offset, cancellationToken);
        }
    }
}
