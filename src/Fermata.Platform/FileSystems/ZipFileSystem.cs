using System.IO.Compression;
using System.Text;

namespace Fermata.Platform.FileSystems;

/// <summary>The files of a zip archive, to be read. It may be used by several threads at once.</summary>
/// <remarks>
/// <para>
/// A file is decompressed as a whole, on the thread that first reads it, and kept in memory as long as it is open; afterwards until the garbage collector needs the memory.
/// </para>
/// <para>
/// Symbolic links are those that Unix marks in the external attributes. Of several entries of one name the last one counts. An archive is refused if an entry has an absolute
/// path, one with <c>..</c>, or one that leads through a file.
/// </para>
/// </remarks>
public sealed class ZipFileSystem : FileSystem, IDisposable
{
    private const int KindMask = 0xf000;
    private const int DirectoryKind = 0x4000;
    private const int SymbolicLinkKind = 0xa000;

    private readonly ZipArchive _archive;
    private readonly ArchiveTree _tree;
    private readonly ByteBudget _budget;
    private readonly Lock _lock = new();

    /// <summary>Reads an archive from a file.</summary>
    /// <param name="path">The path of the file, which stays open.</param>
    /// <param name="options">What the archive may cost; <see cref="ArchiveOptions.Default"/> if there are none.</param>
    /// <exception cref="InvalidDataException">It is no zip archive, or has what no archive may have; the message tells which entry.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ZipFileSystem(string path, ArchiveOptions? options = null)
        : this(File.OpenRead(path), path, options)
    {
    }

    /// <summary>Reads an archive from a stream.</summary>
    /// <param name="stream">The stream, which can be sought in. Nobody else may use it; it is disposed with this.</param>
    /// <param name="options">What the archive may cost; <see cref="ArchiveOptions.Default"/> if there are none.</param>
    /// <exception cref="ArgumentException">The stream cannot be sought in.</exception>
    /// <exception cref="InvalidDataException">It is no zip archive, or has what no archive may have; the message tells which entry.</exception>
    public ZipFileSystem(Stream stream, ArchiveOptions? options = null)
        : this(stream, "The zip archive", options)
    {
    }

    private ZipFileSystem(Stream stream, string name, ArchiveOptions? options)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek)
            throw new ArgumentException("A zip archive is read from its end: the stream must be one that can be sought in, such as a FileStream or a MemoryStream.", nameof(stream));
        options ??= ArchiveOptions.Default;
        _tree = new ArchiveTree(name, options);
        _budget = new ByteBudget(options.MaxBytes);
        try
        {
            _archive = Open(stream, name);
            foreach (var entry in _archive.Entries)
                Add(entry);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override ValueTask<Result<DirectoryHandle>> OpenRootAsync(CancellationToken cancellationToken = default) => _tree.OpenRootAsync(cancellationToken);

    /// <summary>Closes the archive. Files that have not been read by then cannot be read any more.</summary>
    public void Dispose()
    {
        lock (_lock)
            _archive.Dispose();
    }

    private static ZipArchive Open(Stream stream, string name)
    {
        try
        {
            var archive = new ZipArchive(stream, ZipArchiveMode.Read);

            // This reads them.
            _ = archive.Entries;
            return archive;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new InvalidDataException($"{name} is no zip archive, or is damaged.", e);
        }
    }

    private void Add(ZipArchiveEntry entry)
    {
        var (path, kind) = (entry.FullName, (entry.ExternalAttributes >> 16) & KindMask);
        if (path.EndsWith('/') || kind == DirectoryKind)
            _tree.AddDirectory(path, entry.LastWriteTime);
        else if (kind == SymbolicLinkKind)
            _tree.AddSymbolicLink(path, ReadTarget(entry), entry.LastWriteTime);
        else
            _tree.AddFile(path, ContentOf(entry, _budget), entry.LastWriteTime);
    }

    private ZipContent ContentOf(ZipArchiveEntry entry, ByteBudget budget) =>
        new(entry, _lock, budget, (problem, inner) => _tree.Problem(entry.FullName, problem, inner));

    /// <summary>The target of a symbolic link is the content of its entry.</summary>
    private string ReadTarget(ZipArchiveEntry entry)
    {
        var bytes = new byte[PathWalk.LongestPath];
        if (!ContentOf(entry, new ByteBudget(bytes.Length)).Read(bytes, 0, CancellationToken.None).TryGet(out var length))
            throw _tree.Problem(entry.FullName, $"is a symbolic link of {entry.Length} bytes");
        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
