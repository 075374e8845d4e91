namespace Fermata.Platform.FileSystems;

/// <summary>Two file systems as one: what the upper one does not have is read from the lower one, and all that is written goes to the upper one.</summary>
/// <remarks>
/// <para>
/// A file is copied up when it is opened for writing, renamed, linked, or given times: until then programs read the lower one, and whoever has that open for reading goes on
/// reading it, as with overlayfs of Linux. A copy has another inode. A directory that the lower file system has cannot be renamed (<see cref="Errno.EXDEV"/>, which makes
/// programs copy it), and keeps the device and inode that it has
/// there, but gets new times when something in it is copied up.
/// </para>
/// <para>
/// What has been removed is remembered by this object alone: another overlay of the same two shows what only the lower one has again. Nobody else should write to
/// either of them meanwhile.
/// </para>
/// <para>It may be used by several threads at once. Openings and operations on directories wait for each other; reading and writing of open files does not.</para>
/// </remarks>
/// <param name="lower">What is read, and never written.</param>
/// <param name="upper">What is written, and is read first.</param>
public sealed class OverlayFileSystem(FileSystem lower, FileSystem upper) : FileSystem
{
    private readonly OverlayLayers _layers = new(new ReadOnlyFileSystem(lower), upper ?? throw new ArgumentNullException(nameof(upper)));

    /// <inheritdoc/>
    public override async ValueTask<Result<DirectoryHandle>> OpenRootAsync(CancellationToken cancellationToken = default)
    {
        if (!(await _layers.Lower.OpenRootAsync(cancellationToken).ConfigureAwait(false)).TryGet(out var lowerRoot, out var error))
            return error;
        if ((await _layers.Upper.OpenRootAsync(cancellationToken).ConfigureAwait(false)).TryGet(out var upperRoot, out error))
            return new OverlayDirectoryHandle(_layers, _layers.Root, lowerRoot, upperRoot);
        await lowerRoot.DisposeAsync().ConfigureAwait(false);
        return error;
    }
}
