using System.Text;

namespace Fermata.Platform.FileSystems;

/// <summary>A file system in memory, empty at first. It may be used by several threads at once, and all its operations complete synchronously.</summary>
/// <remarks>
/// The methods with paths are for hosts, before, after and while programs run. Their paths begin at the root, with <c>/</c> or without; symbolic links are followed.
/// </remarks>
public sealed class MemoryFileSystem : FileSystem
{
    private readonly MemoryTree _tree;

    /// <summary>Makes an empty file system.</summary>
    /// <param name="options">What it may hold; <see cref="MemoryFileSystemOptions.Default"/> if there are none.</param>
    public MemoryFileSystem(MemoryFileSystemOptions? options = null) => _tree = new MemoryTree(options ?? MemoryFileSystemOptions.Default);

    /// <summary>How many bytes count against <see cref="MemoryFileSystemOptions.MaxBytes"/>.</summary>
    public long UsedBytes => _tree.Budget.Used;

    /// <summary>How many entries count against <see cref="MemoryFileSystemOptions.MaxEntries"/>.</summary>
    public int EntryCount
    {
        get
        {
            lock (_tree.Lock)
                return _tree.EntryCount;
        }
    }

    /// <inheritdoc/>
    public override ValueTask<Result<DirectoryHandle>> OpenRootAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(new MemoryDirectoryHandle(_tree.Root));
    }

    /// <summary>Makes a directory, and those above it; nothing happens if it is there.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="IOException">That cannot be: a file is in the way, or a limit is reached.</exception>
    public void AddDirectory(string path) => AddDirectories(Relative(path), asked: path);

    /// <summary>Makes a file, and the directories above it; one that is there gets new content.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="content">Its content.</param>
    /// <exception cref="IOException">That cannot be: a file or a directory is in the way, or a limit is reached.</exception>
    public void AddFile(string path, ReadOnlyMemory<byte> content)
    {
        AddParent(path);
        At(path, followsLast: true, path, place => Write(place, content));
    }

    /// <summary>Makes a text file in UTF-8, and the directories above it; one that is there gets new content.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="content">Its content.</param>
    /// <exception cref="IOException">That cannot be: a file or a directory is in the way, or a limit is reached.</exception>
    public void AddText(string path, string content)
    {
        ArgumentNullException.ThrowIfNull(content);
        AddFile(path, Encoding.UTF8.GetBytes(content));
    }

    /// <summary>Makes a symbolic link, and the directories above it.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="target">The path that it points to, seen from its directory, which need not exist.</param>
    /// <exception cref="IOException">That cannot be: there is something already, or a limit is reached.</exception>
    public void AddSymbolicLink(string path, string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        AddParent(path);
        At(path, followsLast: false, path, place => place.Name is null ? Errno.EEXIST : Get(place.Directory.CreateSymbolicLinkAsync(place.Name, target)));
    }

    /// <summary>Whether there is a file or a directory.</summary>
    /// <param name="path">Its path.</param>
    public bool Exists(string path) => Follow(path, followsLast: true).TryGet(out var place) && (place.Name is null || Get(place.Directory.GetStatusAsync(place.Name)).TryGet(out _));

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>Its content.</returns>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="IOException">It is no file, or is longer than an array can be.</exception>
    public byte[] ReadFile(string path)
    {
        var content = Array.Empty<byte>();
        At(path, followsLast: true, path, place => Read(place, out content));
        return content;
    }

    /// <summary>Reads a text file in UTF-8.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>Its content.</returns>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="IOException">It is no file, or is longer than an array can be.</exception>
    public string ReadText(string path) => Encoding.UTF8.GetString(ReadFile(path));

    private static string Relative(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var relative = path.TrimStart('/');
        return relative.Length == 0 ? "." : relative;
    }

    /// <summary>All operations in memory complete synchronously.</summary>
    private static T Get<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();

    private static bool IsDirectory(PathWalk place) =>
        place.Name is null || (Get(place.Directory.GetStatusAsync(place.Name)).TryGet(out var status) && status.Kind == FileKind.Directory);

    private static Errno Write(PathWalk place, ReadOnlyMemory<byte> content)
    {
        if (place.Name is null || place.IsDirectoryExpected)
            return Errno.EISDIR;
        const FileOpening Opening = FileOpening.Write | FileOpening.Create | FileOpening.Truncate;
        if (!Get(place.Directory.OpenFileAsync(place.Name, Opening)).TryGet(out var file, out var error))
            return error;
        if (Get(file.WriteAsync(content, 0)).TryGet(out var written, out error) && written < content.Length)
            error = Errno.ENOSPC;
        Close(file);
        return error;
    }

    private static Errno Read(PathWalk place, out byte[] content)
    {
        content = [];
        if (place.Name is null)
            return Errno.EISDIR;
        if (!Get(place.Directory.OpenFileAsync(place.Name, FileOpening.Read)).TryGet(out var file, out var error))
            return error;
        var length = Get(file.GetStatusAsync()).Value.Length;
        if (length > Array.MaxLength)
        {
            error = Errno.EFBIG;
        }
        else
        {
            content = new byte[length];
            Array.Resize(ref content, Get(file.ReadAsync(content, 0)).Value);
        }

        Close(file);
        return error;
    }

    private static void Close(IAsyncDisposable handle) => handle.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private void AddParent(string path)
    {
        var relative = Relative(path);
        if (relative.LastIndexOf('/') is > 0 and var end)
            AddDirectories(relative[..end], asked: path);
    }

    private void AddDirectories(string path, string asked)
    {
        var made = new StringBuilder();
        foreach (var component in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            At(made.Append(component).Append('/').ToString(), followsLast: true, asked, place =>
            {
                var error = place.Name is null ? Errno.EEXIST : Get(place.Directory.CreateDirectoryAsync(place.Name));
                return error == Errno.EEXIST && IsDirectory(place) ? Errno.None : error;
            });
        }
    }

    private Result<PathWalk> Follow(string path, bool followsLast) => Get(PathWalk.FollowAsync(new MemoryDirectoryHandle(_tree.Root), Relative(path), followsLast));

    /// <summary>Does something where a path leads to.</summary>
    /// <param name="path">The path.</param>
    /// <param name="followsLast">Whether a symbolic link at its end is followed.</param>
    /// <param name="asked">The path that the host asked for, for the message.</param>
    /// <param name="action">What is done.</param>
    private void At(string path, bool followsLast, string asked, Func<PathWalk, Errno> action)
    {
        if (Follow(path, followsLast).TryGet(out var place, out var error))
        {
            error = action(place);
            Close(place);
        }

        switch (error)
        {
            case Errno.None:
                return;
            case Errno.ENOENT:
                throw new FileNotFoundException($"There is no '{asked}' in the memory file system.", asked);
            default:
                throw new IOException($"'{asked}' in the memory file system: {error}.");
        }
    }
}
