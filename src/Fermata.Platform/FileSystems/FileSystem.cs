namespace Fermata.Platform.FileSystems;

/// <summary>A tree of directories and files that programs may be given. It may serve many programs, and threads, at once.</summary>
/// <remarks>Whoever derives from this and from <see cref="DirectoryHandle"/> and <see cref="FileHandle"/> gives programs files from anywhere.</remarks>
public abstract class FileSystem
{
    /// <summary>Opens the root.</summary>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    /// <returns>A handle that whoever asked for it disposes.</returns>
    public abstract ValueTask<Result<DirectoryHandle>> OpenRootAsync(CancellationToken cancellationToken = default);
}
