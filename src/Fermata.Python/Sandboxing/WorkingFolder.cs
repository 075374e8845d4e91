using Fermata.Platform.FileSystems;

namespace Fermata.Python.Sandboxing;

/// <summary>The folder in which code runs: files in memory.</summary>
internal sealed class WorkingFolder
{
    private readonly int _mostBytes;
    private readonly MemoryFileSystem _files;
    private Dictionary<string, FileStatus> _known = [];

    public WorkingFolder(int mostBytes)
    {
        _mostBytes = mostBytes;
        _files = new MemoryFileSystem(Limits(mostBytes));
    }

    public FileSystem FileSystem => _files;

    /// <summary>What files in memory may take.</summary>
    public static MemoryFileSystemOptions Limits(long mostBytes) => new() { MaxBytes = mostBytes, MaxEntries = 2_000 };

    /// <summary>Puts files into it, which do not count as changed by code.</summary>
    /// <exception cref="IOException">One cannot be written.</exception>
    public async Task PutAsync(IEnumerable<PythonFile> files)
    {
        foreach (var file in files)
            _files.AddFile(file.Path, file.Content);
        _known = [];
        await foreach (var (_, _, path, status) in ListAsync().ConfigureAwait(false))
            _known[path] = status;
    }

    /// <summary>The files that have been made or changed since this or <see cref="PutAsync"/> was last called; as many as fit.</summary>
    /// <returns>The files by their paths, and whether these are all.</returns>
    public async Task<(IReadOnlyList<PythonFile> Files, bool AreAll)> TakeChangedAsync()
    {
        var (changed, room, known) = (new List<PythonFile>(), (long)_mostBytes, _known);
        _known = [];
        await foreach (var (directory, name, path, status) in ListAsync().ConfigureAwait(false))
        {
            _known[path] = status;
            if (known.TryGetValue(path, out var before) && !IsChanged(before, status))
                continue;
            // Holes have a length and take no room.
            if (status.Length <= room && await ReadAsync(directory, name, (int)status.Length).ConfigureAwait(false) is { } content)
                changed.Add(new PythonFile(path, content));
            room -= status.Length;
        }

        changed.Sort((one, other) => string.CompareOrdinal(one.Path, other.Path));
        return (changed, room >= 0);
    }

    private static bool IsChanged(FileStatus before, FileStatus now) =>
        (before.Inode, before.Length, before.ModificationTime, before.ChangeTime) != (now.Inode, now.Length, now.ModificationTime, now.ChangeTime);

    /// <summary>The content of a file, up to the length that it had; null if code that goes on beside has removed it.</summary>
    private static async Task<byte[]?> ReadAsync(DirectoryHandle directory, string name, int length)
    {
        if (!(await directory.OpenFileAsync(name, FileOpening.Read).ConfigureAwait(false)).TryGet(out var file))
            return null;
        await using (file.ConfigureAwait(false))
        {
            var content = new byte[length];
            return (await file.ReadAsync(content, 0).ConfigureAwait(false)).TryGet(out var read) ? content[..read] : null;
        }
    }

    /// <summary>All files; those to which no path leads, as it would be too long, are left out.</summary>
    private async IAsyncEnumerable<(DirectoryHandle Directory, string Name, string Path, FileStatus Status)> ListAsync()
    {
        var directories = new Queue<(DirectoryHandle Directory, string Path)>();
        directories.Enqueue(((await _files.OpenRootAsync().ConfigureAwait(false)).Value, ""));
        while (directories.TryDequeue(out var next))
        {
            var (directory, path) = next;
            await using (directory.ConfigureAwait(false))
            {
                if (!(await directory.ReadEntriesAsync().ConfigureAwait(false)).TryGet(out var entries))
                    continue;
                foreach (var entry in entries.Where(entry => path.Length + entry.Name.Length < PathWalk.LongestPath))
                {
                    if (entry.Kind == FileKind.Directory && (await directory.OpenDirectoryAsync(entry.Name).ConfigureAwait(false)).TryGet(out var inner))
                        directories.Enqueue((inner, $"{path}{entry.Name}/"));
                    else if (entry.Kind == FileKind.File && (await directory.GetStatusAsync(entry.Name).ConfigureAwait(false)).TryGet(out var status))
                        yield return (directory, entry.Name, path + entry.Name, status);
                }
            }
        }
    }
}
