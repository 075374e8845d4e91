namespace Fermata.Platform.Tests.FileSystems;

/// <summary>The example of docs/file-systems.md.</summary>
// begin
public sealed class BucketFileSystem(IReadOnlyDictionary<string, Func<CancellationToken, Task<byte[]>>> bucket) : FileSystem
{
    public override ValueTask<Result<DirectoryHandle>> OpenRootAsync(CancellationToken cancellationToken = default) => new(new Root(bucket));

    private sealed class Root(IReadOnlyDictionary<string, Func<CancellationToken, Task<byte[]>>> bucket) : DirectoryHandle
    {
        public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default) => new(new FileStatus { Kind = FileKind.Directory });

        public override async ValueTask<Result<FileStatus>> GetStatusAsync(string name, CancellationToken cancellationToken = default) =>
            bucket.TryGetValue(name, out var download) ? new Item(await download(cancellationToken)).Status : Errno.ENOENT;

        public override ValueTask<Result<DirectoryHandle>> OpenDirectoryAsync(string name, CancellationToken cancellationToken = default) =>
            new(bucket.ContainsKey(name) ? Errno.ENOTDIR : Errno.ENOENT);

        public override async ValueTask<Result<FileHandle>> OpenFileAsync(string name, FileOpening opening, UnixFileMode? mode = null, CancellationToken cancellationToken = default) =>
            bucket.TryGetValue(name, out var download) ? new Item(await download(cancellationToken)) : Errno.ENOENT;

        public override ValueTask<Result<DirectoryEntry[]>> ReadEntriesAsync(CancellationToken cancellationToken = default) =>
            new(bucket.Keys.Select(name => new DirectoryEntry(name, FileKind.File, Inode: 0)).ToArray());
    }

    private sealed class Item(byte[] bytes) : FileHandle
    {
        public FileStatus Status { get; } = new() { Kind = FileKind.File, Length = bytes.Length };

        public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default) => new(Status);

        public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken = default)
        {
            var rest = bytes.AsSpan((int)Math.Clamp(offset, 0, bytes.Length));
            rest = rest[..Math.Min(rest.Length, buffer.Length)];
            rest.CopyTo(buffer.Span);
            return new(rest.Length);
        }
    }
}

// end
