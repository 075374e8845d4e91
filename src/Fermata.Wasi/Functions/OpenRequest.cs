using Fermata.Platform;
using Fermata.Platform.FileSystems;

namespace Fermata.Wasi.Functions;

/// <summary>What <c>path_open</c> is asked for.</summary>
internal sealed record OpenRequest(DescriptorTable Descriptors, LookupFlags LookupFlags, OpenFlags OpenFlags, Rights Rights, Rights Inheriting, FdFlags FdFlags)
{
    private const OpenFlags AllOpenFlags = OpenFlags.Creat | OpenFlags.Directory | OpenFlags.Excl | OpenFlags.Trunc;

    /// <summary>The permissions of a file that is made; null for those that its file system gives.</summary>
    public UnixFileMode? Mode { get; init; }

    /// <summary>What the directory must allow.</summary>
    public Rights NeededRights =>
        Rights.PathOpen
        | (Has(OpenFlags.Creat) ? Rights.PathCreateFile : Rights.None)
        | (Has(OpenFlags.Trunc) ? Rights.PathFilestatSetSize : Rights.None);

    private bool FollowsLast => (LookupFlags & LookupFlags.SymlinkFollow) != 0 && !(Has(OpenFlags.Creat) && Has(OpenFlags.Excl));

    private bool IsWriting => (Rights & Rights.Writing) != 0;

    /// <summary>Opens what a path leads to from a directory.</summary>
    /// <returns>The number of the descriptor.</returns>
    public async ValueTask<Result<int>> OpenAsync(DirectoryDescriptor parent, string path, CancellationToken cancellationToken) =>
        await AddAsync(await FindAsync(parent, path, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>As <see cref="OpenAsync(DirectoryDescriptor, string, CancellationToken)"/>, for a descriptor that has no number yet.</summary>
    public async ValueTask<Result<Descriptor>> FindAsync(DirectoryDescriptor parent, string path, CancellationToken cancellationToken)
    {
        if ((OpenFlags & ~AllOpenFlags) != 0 || (FdFlags & ~FdFlags.All) != 0 || (Has(OpenFlags.Creat) && Has(OpenFlags.Directory)))
            return Errno.EINVAL;
        if ((Rights & ~parent.Inheriting) != 0 || (Inheriting & ~parent.Inheriting) != 0)
            return Errno.ENOTCAPABLE;
        var followed = await PathWalk.FollowAsync(parent.Handle, path, FollowsLast, cancellationToken).ConfigureAwait(false);
        return followed.TryGet(out var walk) ? await OpenAsync(walk, parent.Share, parent.Source, isRooted: false, cancellationToken).ConfigureAwait(false) : followed.Error;
    }

    /// <summary>Opens what an absolute path leads to.</summary>
    /// <param name="root">The directory that the program sees as <c>/</c>.</param>
    /// <param name="path">The path.</param>
    /// <param name="cancellationToken">Cancelled with the call.</param>
    public async ValueTask<Result<int>> OpenRootedAsync(SharedDirectory root, string path, CancellationToken cancellationToken)
    {
        var followed = await PathWalk.FollowRootedAsync(root.Handle, path, FollowsLast, cancellationToken).ConfigureAwait(false);
        return followed.TryGet(out var walk)
            ? await AddAsync(await OpenAsync(walk, root.Share, start: null, isRooted: true, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false)
            : followed.Error;
    }

    private async ValueTask<Result<Descriptor>> OpenAsync(PathWalk walk, Func<SharedDirectory> shareStart, DescriptorSource? start, bool isRooted, CancellationToken cancellationToken)
    {
        var path = isRooted ? walk.Path : null;
        var source = start?.Enter(walk.Path);

        // The walk's directory is the new descriptor's if the path leads to that itself.
        if (walk.Name is null && walk.OwnsDirectory)
            return await ToDescriptorAsync(new SharedDirectory(walk.Directory), path, source).ConfigureAwait(false);
        await using (walk.ConfigureAwait(false))
        {
            return walk.Name is not { } name
                ? await ToDescriptorAsync(shareStart(), path, source).ConfigureAwait(false)
                : await OpenAsync(walk, name, path, source, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<Result<Descriptor>> OpenAsync(PathWalk walk, string name, string? path, DescriptorSource? source, CancellationToken cancellationToken)
    {
        if (Has(OpenFlags.Directory) || walk.IsDirectoryExpected)
        {
            if (Has(OpenFlags.Creat))
                return Errno.EISDIR;
            return await OpenDirectoryAsync(walk, name, path, source, cancellationToken).ConfigureAwait(false);
        }

        var opening = ((Rights & Rights.FdRead) != 0 ? FileOpening.Read : FileOpening.None)
            | (IsWriting || Has(OpenFlags.Trunc) ? FileOpening.Write : FileOpening.None)
            | (Has(OpenFlags.Creat) ? FileOpening.Create : FileOpening.None)
            | (Has(OpenFlags.Creat) && Has(OpenFlags.Excl) ? FileOpening.Exclusive : FileOpening.None)
            | (Has(OpenFlags.Trunc) ? FileOpening.Truncate : FileOpening.None);
        var opened = await walk.Directory.OpenFileAsync(name, opening, Mode, cancellationToken).ConfigureAwait(false);
        if (!opened.TryGet(out var handle))
        {
            return opened.Error == Errno.EISDIR && !Has(OpenFlags.Creat) && !Has(OpenFlags.Trunc)
                ? await OpenDirectoryAsync(walk, name, path, source, cancellationToken).ConfigureAwait(false)
                : opened.Error;
        }

        var (rights, inheriting) = (Rights & Rights.OfFile, Inheriting & Rights.OfFile);
        if (handle is IOpensDescriptor opens)
            return opens.Open(rights, FdFlags, source);
        var kind = await KindOfAsync(handle, cancellationToken).ConfigureAwait(false);
        return kind == FileKind.Pipe
            ? new PipeDescriptor(handle, rights, inheriting, FdFlags)
            : new FileDescriptor(handle, kind, rights, inheriting, FdFlags) { Source = source };
    }

    /// <summary>What was opened; it is closed if that cannot be told.</summary>
    private static async ValueTask<FileKind> KindOfAsync(FileHandle handle, CancellationToken cancellationToken)
    {
        try
        {
            var status = await handle.GetStatusAsync(cancellationToken).ConfigureAwait(false);
            return status.TryGet(out var found) ? found.Kind : FileKind.Unknown;
        }
        catch
        {
            await handle.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask<Result<Descriptor>> OpenDirectoryAsync(PathWalk walk, string name, string? path, DescriptorSource? source, CancellationToken cancellationToken)
    {
        var opened = await walk.Directory.OpenDirectoryAsync(name, cancellationToken).ConfigureAwait(false);
        return opened.TryGet(out var directory) ? await ToDescriptorAsync(new SharedDirectory(directory), path, source).ConfigureAwait(false) : opened.Error;
    }

    /// <summary>Makes a descriptor of a directory, which is closed if it cannot be opened so.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="path">Its path, for programs that follow paths from a root; they can move back in its entries, too.</param>
    /// <param name="source">Where it is from, as if it were a file.</param>
    private async ValueTask<Result<Descriptor>> ToDescriptorAsync(SharedDirectory directory, string? path, DescriptorSource? source)
    {
        // As with open of POSIX, which no directory lets be written.
        if ((Rights & Rights.FdWrite) != 0 || Has(OpenFlags.Creat) || Has(OpenFlags.Trunc))
        {
            await directory.DisposeAsync().ConfigureAwait(false);
            return Has(OpenFlags.Creat) && Has(OpenFlags.Excl) ? Errno.EEXIST : Errno.EISDIR;
        }

        var possible = path is null ? Rights.OfDirectory : Rights.OfDirectory | Rights.FdSeek | Rights.FdTell;
        return new DirectoryDescriptor(directory, null, Rights & possible, Inheriting, FdFlags) { Path = path, Source = source is null ? null : source with { Kind = SourceKind.Directory } };
    }

    private async ValueTask<Result<int>> AddAsync(Result<Descriptor> opened)
    {
        if (!opened.TryGet(out var descriptor))
            return opened.Error;
        var added = Descriptors.Add(descriptor);
        if (added.Error != Errno.None)
            await descriptor.ReleaseAsync().ConfigureAwait(false);
        return added;
    }

    private bool Has(OpenFlags flag) => (OpenFlags & flag) != 0;
}
