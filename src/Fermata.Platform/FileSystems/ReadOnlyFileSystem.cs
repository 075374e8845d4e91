namespace Fermata.Platform.FileSystems;

/// <summary>A file system as it is, but that nothing can be written: <see cref="Errno.EROFS"/>.</summary>
/// <param name="inner">The file system, which others may still write.</param>
public sealed class ReadOnlyFileSystem(FileSystem inner) : FileSystem
{
    private readonly FileSystem _inner = inner ?? throw new ArgumentNullException(nameof(inner));

    /// <inheritdoc/>
    public override async ValueTask<Result<DirectoryHandle>> OpenRootAsync(CancellationToken cancellationToken = default)
    {
        var opened = await _inner.OpenRootAsync(cancellationToken).ConfigureAwait(false);
        return opened.TryGet(out var root, out var error) ? new ReadOnlyDirectoryHandle(root) : error;
    }
}
