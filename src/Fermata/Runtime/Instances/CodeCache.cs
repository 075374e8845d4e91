using System.Security.Cryptography;

namespace Fermata;

/// <summary>A folder with machine code of modules, for engines that are to start programs quickly (<see cref="EngineOptions.CodeCache"/>).</summary>
/// <remarks>
/// <para>
/// Code of the folder is executed without a further look, so that whoever can write there can do what the process can. It is made so that only its user can, and not used if others can.
/// </para>
/// <para>
/// Any number of processes may use a folder at once. A file appears when it is complete, and has a checksum: one that is damaged is removed, and the module compiled as if it had
/// never been there. Nothing of a cache can be missed: it may be removed at any time.
/// </para>
/// </remarks>
public sealed class CodeCache
{
    /// <summary>Code of so many bytes takes the JIT some 0.2 s: less is not worth a file.</summary>
    internal const int LeastCodeBytes = 64 * 1024;

    private const string Extension = ".dll";
    private const string UnfinishedExtension = ".unfinished";
    private const int ChecksumLength = SHA256.HashSizeInBytes;

    /// <summary>When nobody is at it any more.</summary>
    private static readonly TimeSpan UnfinishedAge = TimeSpan.FromDays(1);

    /// <param name="folder">The folder. It is made when something is first written there.</param>
    public CodeCache(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Folder = Path.GetFullPath(folder);
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>How many bytes the files may have together. Beyond it, those go that were not used for the longest time, when a new one comes. Default: 1 GiB.</summary>
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>Modules of fewer bytes have no code in it: none is looked for, which would take longer than to compile them, and none is added. Default: 64 KiB.</summary>
    public int MinModuleBytes { get; init; } = LeastCodeBytes;

    /// <summary>Removes all files.</summary>
    /// <exception cref="IOException">A file cannot be removed; on Windows those cannot that processes use.</exception>
    /// <exception cref="UnauthorizedAccessException">A file cannot be removed.</exception>
    public void Clear()
    {
        foreach (var file in Files)
            file.Delete();
        foreach (var folder in Unfinished)
            folder.Delete(recursive: true);
    }

    /// <summary>The undamaged file of a key; null if there is none.</summary>
    internal string? Find(string key)
    {
        var path = PathOf(key);
        var isGood = false;
        Try(() =>
        {
            if (!File.Exists(path) || !IsPrivate())
                return;
            isGood = HasChecksum(path);
            if (isGood)
                File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            else
                File.Delete(path);
        });
        return isGood ? path : null;
    }

    /// <summary>Removes the file of a key, which turned out to be of no use.</summary>
    internal void Remove(string key) => Try(() => File.Delete(PathOf(key)));

    /// <summary>Adds a file, in place of one that is there already, and makes room for it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="write">Writes files into a folder that nobody else has, and gives the path of the one to be added; the others are removed.</param>
    /// <param name="cancellationToken">Has nothing added.</param>
    /// <exception cref="IOException">The folder cannot be used, or is open to others.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be used.</exception>
    internal async Task AddAsync(string key, Func<string, Task<string>> write, CancellationToken cancellationToken)
    {
        CreateFolder();
        var unfinished = Directory.CreateDirectory(Path.Combine(Folder, $"{Guid.NewGuid():N}{UnfinishedExtension}"));
        try
        {
            var path = await write(unfinished.FullName).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            AppendChecksum(path);
            if (new FileInfo(path).Length > MaxBytes)
                return;
            File.Move(path, PathOf(key), overwrite: true);
        }
        finally
        {
            unfinished.Delete(recursive: true);
        }

        MakeRoom(PathOf(key));
    }

    /// <summary>Whether a process has the right to make code now (<see cref="TryLock"/>).</summary>
    internal bool IsBeingFilled
    {
        get
        {
            if (!File.Exists(LockPath))
                return false;
            using var turn = TryLock();
            return turn is null;
        }
    }

    private string LockPath => Path.Combine(Folder, "lock");

    /// <summary>Has the right to make code for the folder, which one process has at a time; null if another one has it.</summary>
    internal IDisposable? TryLock()
    {
        CreateFolder();
        try
        {
            return new FileStream(LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private string PathOf(string key) => Path.Combine(Folder, key + Extension);

    private IEnumerable<FileInfo> Files => Directory.Exists(Folder) ? new DirectoryInfo(Folder).EnumerateFiles("*" + Extension) : [];

    private IEnumerable<DirectoryInfo> Unfinished => Directory.Exists(Folder) ? new DirectoryInfo(Folder).EnumerateDirectories("*" + UnfinishedExtension) : [];

    private void CreateFolder()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(Folder);
        else
            Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (!IsPrivate())
            throw new IOException($"{Folder}: others than the owner can write there, and code in it is executed; take their right to write.");
    }

    /// <summary>Windows has lists of rights, which the folders of a user inherit.</summary>
    private bool IsPrivate() => OperatingSystem.IsWindows() || (File.GetUnixFileMode(Folder) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) == 0;

    /// <summary>Behind the assembly, where .NET does not look.</summary>
    private static void AppendChecksum(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        var checksum = SHA256.HashData(file);
        file.Write(checksum);
        file.Flush(flushToDisk: true);
    }

    private static bool HasChecksum(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        var left = file.Length - ChecksumLength;
        if (left <= 0)
            return false;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[256 * 1024];
        while (left > 0)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, left));
            file.ReadExactly(part);
            hash.AppendData(part);
            left -= part.Length;
        }

        var checksum = buffer.AsSpan(0, ChecksumLength);
        file.ReadExactly(checksum);
        return hash.GetHashAndReset().AsSpan().SequenceEqual(checksum);
    }

    /// <summary>Removes the files that were not used for the longest time until the others are within the limit, and those that were never finished.</summary>
    private void MakeRoom(string added)
    {
        var sum = 0L;
        foreach (var file in Files.OrderByDescending(file => file.FullName == added).ThenByDescending(file => file.LastWriteTimeUtc).ToList())
        {
            sum += file.Length;
            if (sum > MaxBytes)
                Try(file.Delete);
        }

        foreach (var folder in Unfinished.Where(folder => folder.LastWriteTimeUtc < DateTime.UtcNow - UnfinishedAge))
            Try(() => folder.Delete(recursive: true));
    }

    /// <summary>Does something with a file of which nothing depends: another process may be at it.</summary>
    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is as if the file were not there, or is tried another time.
        }
    }
}
