using System.Formats.Tar;
using System.IO.Compression;

namespace Fermata.Platform.FileSystems;

/// <summary>The files of a tar archive, compressed by gzip or not, to be read. It may be used by several threads at once.</summary>
/// <remarks>
/// <para>
/// The archive is gone through once, when this is made. Files of one that is not compressed are read where they are. One that is compressed, and one from a stream that cannot
/// be sought in, is kept in memory as a whole.
/// </para>
/// <para>
/// Symbolic and hard links are those of the archive; devices and named pipes are left out. Of several entries of one name the last one counts. An archive is refused if
/// an entry has an absolute path, one with <c>..</c>, or one that leads through what is no directory before it, or is a hard link to what is no file before it.
/// </para>
/// </remarks>
public sealed class TarFileSystem : FileSystem, IDisposable
{
    private const int PieceBytes = 64 << 10;

    /// <summary>What the gzip format begins with (RFC 1952).</summary>
    private static readonly byte[] GzipMagic = [0x1f, 0x8b];

    private readonly Stream _stream;
    private readonly ArchiveTree _tree;

    /// <summary>Reads an archive from a file.</summary>
    /// <param name="path">The path of the file, which stays open if it is not compressed.</param>
    /// <param name="options">What the archive may cost; <see cref="ArchiveOptions.Default"/> if there are none.</param>
    /// <exception cref="InvalidDataException">It is no tar archive, or has what no archive may have; the message tells which entry.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public TarFileSystem(string path, ArchiveOptions? options = null)
        : this(File.OpenRead(path), path, options)
    {
    }

    /// <summary>Reads an archive from a stream.</summary>
    /// <param name="stream">The stream. Nobody else may use it; it is disposed with this.</param>
    /// <param name="options">What the archive may cost; <see cref="ArchiveOptions.Default"/> if there are none.</param>
    /// <exception cref="InvalidDataException">It is no tar archive, or has what no archive may have; the message tells which entry.</exception>
    public TarFileSystem(Stream stream, ArchiveOptions? options = null)
        : this(stream, "The tar archive", options)
    {
    }

    private TarFileSystem(Stream stream, string name, ArchiveOptions? options)
    {
        ArgumentNullException.ThrowIfNull(stream);
        options ??= ArchiveOptions.Default;
        _tree = new ArchiveTree(name, options);
        try
        {
            _stream = ToSeekable(stream, name, options.MaxBytes);
            using var reader = new TarReader(_stream, leaveOpen: true);
            for (var entry = Next(reader, name, last: null); entry is not null; entry = Next(reader, name, last: entry.Name))
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

    /// <summary>Closes the archive. Files cannot be read any more, unless it is in memory.</summary>
    public void Dispose()
    {
        lock (_stream)
            _stream.Dispose();
    }

    /// <summary>Gives a stream of what is in the archive that can be sought in; the given one is disposed where that is another.</summary>
    private static Stream ToSeekable(Stream stream, string name, long mostBytes)
    {
        var archive = stream.CanSeek ? stream : ReadAll(stream, name, mostBytes);
        var start = archive.Position;
        var magic = new byte[GzipMagic.Length];
        var length = archive.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        archive.Position = start;
        return magic.AsSpan(0, length).SequenceEqual(GzipMagic) ? ReadAll(new GZipStream(archive, CompressionMode.Decompress), name, mostBytes) : archive;
    }

    /// <summary>Reads a stream into memory, and disposes it.</summary>
    private static SparseStream ReadAll(Stream stream, string name, long mostBytes)
    {
        var bytes = new SparseBytes(new ByteBudget(long.MaxValue));
        var buffer = new byte[PieceBytes];
        using (stream)
        {
            for (var count = ReadPiece(stream, buffer, name); count > 0; count = ReadPiece(stream, buffer, name))
            {
                if (count > mostBytes - bytes.Length)
                    throw new InvalidDataException($"{name} has more than the {mostBytes} bytes that {nameof(ArchiveOptions)}.{nameof(ArchiveOptions.MaxBytes)} allows.");
                bytes.Write(buffer.AsSpan(0, count), bytes.Length);
            }
        }

        return new SparseStream(bytes);
    }

    private static int ReadPiece(Stream stream, byte[] buffer, string name)
    {
        try
        {
            return stream.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{name} cannot be decompressed.", e);
        }
    }

    private TarEntry? Next(TarReader reader, string name, string? last)
    {
        try
        {
            return reader.GetNextEntry();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            throw last is null ? new InvalidDataException($"{name} is no tar archive, or is damaged.", e) : _tree.Problem(last, "is followed by what is no entry", e);
        }
    }

    private void Add(TarEntry entry)
    {
        switch (entry.EntryType)
        {
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                _tree.AddFile(entry.Name, ContentOf(entry), entry.ModificationTime);
                break;
            case TarEntryType.Directory or TarEntryType.DirectoryList:
                _tree.AddDirectory(entry.Name, entry.ModificationTime);
                break;
            case TarEntryType.SymbolicLink:
                _tree.AddSymbolicLink(entry.Name, entry.LinkName, entry.ModificationTime);
                break;
            case TarEntryType.HardLink:
                _tree.AddHardLink(entry.Name, entry.LinkName);
                break;
            case TarEntryType.SparseFile:
                throw _tree.Problem(entry.Name, "is a sparse file of GNU tar, which is not supported; make the archive without --sparse");
        }
    }

    private StreamContent ContentOf(TarEntry entry)
    {
        if (entry.Length > _stream.Length - entry.DataOffset)
            throw _tree.Problem(entry.Name, "is longer than the rest of the archive");
        return new StreamContent(_stream, entry.DataOffset, entry.Length);
    }
}
