using Fermata.Platform.FileSystems;

namespace Fermata.Python.Packages;

/// <summary>The folder of packages, into which wheels are unpacked, whoever made them.</summary>
/// <param name="options">What they may cost together.</param>
internal sealed class SitePackages(ArchiveOptions options)
{
    private const string InfoEnding = ".dist-info", DataEnding = ".data", RecordFile = "RECORD";

    /// <summary>The folders of a wheel's data whose files belong here; what is for others, such as scripts and headers, has no place.</summary>
    private static readonly string[] LibraryFolders = ["purelib/", "platlib/"];

    /// <summary>What stands behind the names of the list and of its signatures, which it does not have itself.</summary>
    private static readonly string[] Unrecorded = ["", ".jws", ".p7s"];

    private readonly MemoryFileSystem _files = new(new MemoryFileSystemOptions { MaxBytes = options.MaxBytes, MaxEntries = options.MaxEntries });
    private readonly SortedDictionary<string, string> _versions = new(StringComparer.Ordinal);

    public FileSystem Files => new ReadOnlyFileSystem(_files);

    public IReadOnlyList<string> Names => [.. _versions.Select(package => $"{package.Key} {package.Value}")];

    /// <summary>Unpacks a wheel.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="InvalidDataException">It is none, is damaged or hostile, or does not go with those before.</exception>
    /// <exception cref="NotSupportedException">It is for another interpreter.</exception>
    public async Task AddAsync(string path, CancellationToken cancellationToken)
    {
        var fileName = Path.GetFileName(path);
        var name = WheelName.Parse(fileName) ?? throw new InvalidDataException($"{path}: that is not what a wheel is called: NAME-VERSION-PYTHON-ABI-PLATFORM.whl.");
        if (!name.Fits)
            throw new NotSupportedException($"{path}: the wheel is for another Python or platform ({string.Join('-', name.Tags.Python, name.Tags.Abi, name.Tags.Platform)}).");
        if (!_versions.TryAdd(name.Distribution, name.Version))
            throw new InvalidDataException($"{path}: there are two wheels of {name.Distribution}.");
        using var archive = new ZipFileSystem(path, options);
        var info = await InfoFolderAsync(archive, name, path).ConfigureAwait(false);
        WheelRecord? record = null;
        var contents = new List<(string Path, byte[] Content)>();
        var room = options.MaxBytes - _files.UsedBytes;
        await foreach (var (file, content) in FilesOfAsync(archive, path, () => room).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            room -= content.Length;
            contents.Add((file, content));
            if (file == $"{info}/{RecordFile}")
                record = new WheelRecord(content);
        }

        if (record is null)
            throw new InvalidDataException($"{path}: the wheel has no {info}/{RecordFile}.");
        foreach (var (file, content) in contents)
        {
            if (!Array.Exists(Unrecorded, ending => file == $"{info}/{RecordFile}{ending}") && !record.Confirms(file, content))
                throw new InvalidDataException($"{path}: '{file}' is not what the wheel's {RecordFile} says.");
            if (PlaceOf(file, info[..^InfoEnding.Length] + DataEnding) is { } place)
                Put(path, place, content);
        }
    }

    /// <summary>Where a file of a wheel goes; null if it has no place here.</summary>
    private static string? PlaceOf(string file, string dataFolder)
    {
        if (!file.StartsWith($"{dataFolder}/", StringComparison.Ordinal))
            return file;
        var inData = file[(dataFolder.Length + 1)..];
        return Array.Find(LibraryFolders, folder => inData.StartsWith(folder, StringComparison.Ordinal)) is { } folder ? inData[folder.Length..] : null;
    }

    /// <summary>The folder with what is known about the package, the only one of its kind.</summary>
    private static async Task<string> InfoFolderAsync(ZipFileSystem archive, WheelName name, string path)
    {
        await using var root = (await archive.OpenRootAsync().ConfigureAwait(false)).Value;
        var entries = (await root.ReadEntriesAsync().ConfigureAwait(false)).Value;
        return entries.Where(entry => entry.Name.EndsWith(InfoEnding, StringComparison.Ordinal)).Select(entry => entry.Name).ToList() is [var info]
            && WheelName.Normalize(info[..^InfoEnding.Length].Split('-')[0]) == name.Distribution
            ? info
            : throw new InvalidDataException($"{path}: the wheel has no folder {name.Distribution}-{name.Version}{InfoEnding}, or several of that kind.");
    }

    /// <summary>All files, as long as there is room for them.</summary>
    private static async IAsyncEnumerable<(string Path, byte[] Content)> FilesOfAsync(ZipFileSystem archive, string wheel, Func<long> room)
    {
        var directories = new Queue<(DirectoryHandle Directory, string Path)>();
        directories.Enqueue(((await archive.OpenRootAsync().ConfigureAwait(false)).Value, ""));
        while (directories.TryDequeue(out var next))
        {
            await using var directory = next.Directory;
            foreach (var entry in (await directory.ReadEntriesAsync().ConfigureAwait(false)).Value)
            {
                var path = next.Path + entry.Name;
                if (entry.Kind == FileKind.Directory)
                    directories.Enqueue(((await directory.OpenDirectoryAsync(entry.Name).ConfigureAwait(false)).Value, path + '/'));
                else if (entry.Kind == FileKind.File)
                    yield return (path, await ReadAsync(directory, entry.Name, wheel, room()).ConfigureAwait(false));
                else
                    throw new InvalidDataException($"{wheel}: '{path}' is a link, which no wheel has.");
            }
        }
    }

    private static async Task<byte[]> ReadAsync(DirectoryHandle directory, string name, string wheel, long room)
    {
        await using var file = (await directory.OpenFileAsync(name, FileOpening.Read).ConfigureAwait(false)).Value;
        var length = (await file.GetStatusAsync().ConfigureAwait(false)).Value.Length;
        if (length > Math.Min(room, Array.MaxLength))
            throw new InvalidDataException($"{wheel}: the wheel has more bytes than {nameof(ArchiveOptions)}.{nameof(ArchiveOptions.MaxBytes)} allows.");
        var content = new byte[length];
        if (!(await file.ReadAsync(content, 0).ConfigureAwait(false)).TryGet(out var read, out var error))
            throw new InvalidDataException($"{wheel}: '{name}' cannot be read ({error}).");
        return read == length ? content : throw new InvalidDataException($"{wheel}: '{name}' is shorter than the wheel says.");
    }

    private void Put(string wheel, string place, byte[] content)
    {
        try
        {
            if (_files.Exists(place) && !_files.ReadFile(place).AsSpan().SequenceEqual(content))
                throw new InvalidDataException($"{wheel}: another wheel has a different '{place}'.");
            _files.AddFile(place, content);
        }
        catch (IOException e)
        {
            throw new InvalidDataException($"{wheel}: '{place}' does not fit with the other wheels: {e.Message}", e);
        }
    }
}
