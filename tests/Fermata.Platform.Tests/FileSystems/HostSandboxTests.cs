using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using static Fermata.Platform.Tests.FileSystems.HandleExtensions;

namespace Fermata.Platform.Tests.FileSystems;

/// <summary>Nothing outside of the directory is reached. The secret is a file beside it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class HostSandboxTests : IAsyncLifetime, IDisposable
{
    private const string Secret = "secret";

    private static readonly string[] ReadPaths = ["d/file", "d/e/../file", "d/../d/file", "plain"];

    private static readonly (string Path, FileOpening Opening)[] Written =
    [
        ("d/new", FileOpening.Write | FileOpening.Create),
        ("plain", FileOpening.Write),
    ];

    private readonly TemporaryFolder _folder = new();
    private string _inside = null!;
    private DirectoryHandle _root = null!;

    public async Task InitializeAsync()
    {
        _inside = Directory.CreateDirectory(_folder["inside"]).FullName;
        Directory.CreateDirectory(_folder["outside"]);
        File.WriteAllText(_folder["outside/file"], Secret);
        File.WriteAllText(_folder["file"], Secret);
        Directory.CreateDirectory(Inside("d/e"));
        File.WriteAllText(Inside("d/file"), "harmless");
        File.WriteAllText(Inside("file"), "harmless");
        _root = await new HostFileSystem(_inside).OpenRootAsync().Get();
    }

    public async Task DisposeAsync() => await _root.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("../file")]
    [InlineData("../inside/file")]
    [InlineData("d/../../file")]
    [InlineData("d/e/../../../outside/file")]
    [InlineData("./.././file")]
    [InlineData("d//..//..//file")]
    [InlineData("/etc/passwd")]
    [InlineData("//etc/passwd")]
    [InlineData("..")]
    [InlineData("../")]
    public async Task PathsDoNotLeadOut(string path)
    {
        Assert.Equal(Errno.ENOTCAPABLE, (await _root.Open(path)).Error);
        Assert.Equal(Errno.ENOTCAPABLE, (await _root.Open(path, FileOpening.Write | FileOpening.Create)).Error);
    }

    [Fact]
    public async Task TheAbsolutePathOfTheDirectoryItselfLeadsOut() => Assert.Equal(Errno.ENOTCAPABLE, (await _root.Open(Inside("file"))).Error);

    [Theory]
    [InlineData("..")]
    [InlineData("../outside")]
    [InlineData("../outside/")]
    [InlineData("d/../../outside")]
    [InlineData("/")]
    [InlineData("/etc")]
    [InlineData("/proc/self/cwd")]
    [InlineData("/proc/self/root")]
    public async Task SymbolicLinksOfTheHostDoNotLeadOut(string target)
    {
        File.CreateSymbolicLink(Inside("link"), target);
        File.CreateSymbolicLink(Inside("d/chain"), "../link");
        foreach (var path in new[] { "link", "link/file", "link/passwd", "link/", "d/chain", "d/chain/file", "d/chain/../file", "link/../file" })
        {
            Assert.Equal(Errno.ENOTCAPABLE, (await _root.Open(path)).Error);
            Assert.Equal(Errno.ENOTCAPABLE, (await _root.Open(path, FileOpening.Write | FileOpening.Create)).Error);
        }

        // Nor where a handle is used without a walk.
        Assert.Equal(Errno.ENOTDIR, await _root.OpenDirectoryAsync("link").Error());
        Assert.Equal(Errno.ELOOP, await _root.OpenFileAsync("link", FileOpening.Read).Error());
        Assert.Equal(Errno.ELOOP, await _root.OpenFileAsync("link", FileOpening.Write | FileOpening.Create).Error());
    }

    [Theory]
    [InlineData("../outside/file")]
    [InlineData("/etc/passwd")]
    public async Task SymbolicLinksOfProgramsDoNotLeadOut(string target)
    {
        await _root.CreateSymbolicLinkAsync("link", target).Succeeds();
        Assert.Equal(target, await _root.ReadSymbolicLinkAsync("link").Get());
        Assert.Equal(Errno.ENOTCAPABLE, (await _root.Open("link")).Error);
        await _root.LinkAsync("link", _root, "hard").Succeeds();
        Assert.Equal(FileKind.SymbolicLink, (await _root.GetStatusAsync("hard").Get()).Kind);
        await _root.SetTimesAsync("link", new FileTimes(0, 0)).Succeeds();
        Assert.NotEqual(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(_folder["outside/file"]));
        await _root.RemoveFileAsync("link").Succeeds();
        Assert.Equal(Secret, File.ReadAllText(_folder["outside/file"]));
    }

    [Fact]
    public async Task PermissionsGoNoFurtherThanTheFilesOfTheDirectory()
    {
        const UnixFileMode Executes = (UnixFileMode)0b111_101_101, Whole = (UnixFileMode)0b111_111_111_111;
        var before = File.GetUnixFileMode(_folder["outside/file"]);
        File.CreateSymbolicLink(Inside("link"), "../outside/file");
        await _root.SetModeAsync("link", Executes).Fails(Errno.ENOTSUP);
        Assert.Equal(before, File.GetUnixFileMode(_folder["outside/file"]));

        // Nobody runs what a program wrote as the user of this process.
        await _root.SetModeAsync("file", Whole).Succeeds();
        Assert.Equal((UnixFileMode)0b111_111_111, File.GetUnixFileMode(Inside("file")));
        await using var made = await _root.OpenFileAsync("made", New, Whole).Get();
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Inside("made")) & (UnixFileMode)0b111_000_000_000);
        await made.SetModeAsync(Whole).Succeeds();
        await _root.CreateDirectoryAsync("directory", Whole).Succeeds();
        await _root.SetModeAsync("directory", Whole).Succeeds();
        Assert.Equal((UnixFileMode)0b111_111_111, File.GetUnixFileMode(Inside("made")) | File.GetUnixFileMode(Inside("directory")));
    }

    [Fact]
    public async Task DanglingLinksMakeNothingOutside()
    {
        File.CreateSymbolicLink(Inside("link"), "../outside/new");
        Assert.Equal(Errno.ENOTCAPABLE, (await _root.Open("link", FileOpening.Write | FileOpening.Create)).Error);
        Assert.Equal(Errno.ELOOP, await _root.OpenFileAsync("link", FileOpening.Write | FileOpening.Create).Error());
        Assert.Equal(Errno.EEXIST, await _root.OpenFileAsync("link", New).Error());
        Assert.False(File.Exists(_folder["outside/new"]));
    }

    [Fact]
    public async Task ADirectoryThatTheHostMovesOutsideLeadsNotToItsNewParent()
    {
        await using var directory = await _root.OpenDirectoryAsync("d").Get();
        Directory.Move(Inside("d"), _folder["outside/d"]);
        Assert.Equal("harmless", await directory.ReadText("file"));
        Assert.Equal(Errno.ENOTCAPABLE, (await directory.Open("../file")).Error);
        Assert.Equal(Errno.ENOTCAPABLE, (await directory.Open("e/../../file")).Error);
    }

    /// <summary>A directory and symbolic links to the outside change places as fast as they can while others open, make and remove files through the name.</summary>
    [Fact]
    public async Task WhatIsReplacedMeanwhileDoesNotLeadOut()
    {
        File.CreateSymbolicLink(Inside("toDirectory"), "../outside");
        File.CreateSymbolicLink(Inside("toFile"), "../outside/file");
        File.WriteAllText(Inside("plain"), "harmless");
        var (harmless, swaps) = (0, 0);
        using var finished = new CancellationTokenSource();
        var walkers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!finished.IsCancellationRequested)
            {
                foreach (var path in ReadPaths)
                {
                    var opened = await _root.Open(path, FileOpening.Read);
                    if (opened.TryGet(out var file))
                    {
                        await using (file)
                            Assert.Equal("harmless", await file.ReadText());
                        Interlocked.Increment(ref harmless);
                    }
                }

                foreach (var (path, opening) in Written)
                {
                    var opened = await _root.Open(path, opening);
                    if (opened.TryGet(out var file))
                        await file.DisposeAsync();
                }

                if ((await PathWalk.FollowAsync(_root, "d/new", followsLast: false)).TryGet(out var place))
                {
                    await using (place)
                        await place.Directory.RemoveFileAsync(place.Name!);
                }
            }
        })).ToArray();
        var time = Stopwatch.StartNew();
        while (time.Elapsed < TimeSpan.FromSeconds(1) || swaps < 1000 || Volatile.Read(ref harmless) < 100)
        {
            await Swap("d", "toDirectory");
            await Swap("plain", "toFile");
            swaps++;
            Assert.False(walkers.Any(walker => walker.IsFaulted) || time.Elapsed > TimeSpan.FromMinutes(2), $"{swaps} swaps, {harmless} reads");
        }

        await finished.CancelAsync();
        await Task.WhenAll(walkers);
        Assert.Equal(["file"], Directory.GetFileSystemEntries(_folder["outside"]).Select(Path.GetFileName));
        Assert.Equal(Secret, File.ReadAllText(_folder["outside/file"]));

        async Task Swap(string first, string second)
        {
            await _root.RenameAsync(first, _root, "aside").Succeeds();
            await _root.RenameAsync(second, _root, first).Succeeds();
            await Task.Yield();
            await _root.RenameAsync(first, _root, second).Succeeds();
            await _root.RenameAsync("aside", _root, first).Succeeds();
        }
    }

    [Fact]
    public async Task NamesThatAreNotUtf8AreNotListed()
    {
        Run("touch", Inside("good"));
        Run("sh", "-c", "touch \"$1/$(printf 'bad\\377')\"", "sh", _inside);
        Assert.Equal("d/ file good", await _root.List());

        // .NET cannot name it either.
        Run("sh", "-c", "rm \"$1/bad\"*", "sh", _inside);
    }

    [Fact]
    public async Task NamesWithBackslashesAreNoPaths()
    {
        Assert.Equal(Errno.ENOENT, (await _root.Open("d\\file")).Error);
        Assert.Equal(Errno.ENOENT, (await _root.Open("..\\file")).Error);
        await _root.MakeFile("..\\file");
        Assert.True(File.Exists(Inside("..\\file")));
        Assert.Equal(Secret, File.ReadAllText(_folder["file"]));
    }

    [Fact]
    public async Task LongPathsAreRefused()
    {
        Assert.Equal(Errno.ENAMETOOLONG, (await _root.Open(string.Concat(Enumerable.Repeat("d/../", 820)) + "file")).Error);
        Assert.Equal(Errno.None, await Closed(await _root.Open(string.Concat(Enumerable.Repeat("d/../", 818)) + "file")));
    }

    [Fact]
    public async Task RightsAreThoseThatTheUmaskLeaves()
    {
        await _root.MakeFile("new");
        await _root.CreateDirectoryAsync("newDirectory").Succeeds();
        Run("mkdir", Inside("asTheShell"));
        Run("touch", Inside("asTheShellDoes"));
        Assert.Equal(File.GetUnixFileMode(Inside("asTheShellDoes")), File.GetUnixFileMode(Inside("new")));
        Assert.Equal(File.GetUnixFileMode(Inside("asTheShell")), File.GetUnixFileMode(Inside("newDirectory")));
    }

    [Fact]
    public async Task NamedPipesBlockNobody()
    {
        Run("mkfifo", Inside("pipe"));
        Assert.Equal("d/ file pipe(Pipe)", await _root.List());
        Assert.Equal(Errno.ENXIO, await _root.OpenFileAsync("pipe", FileOpening.Write).Error());
        await using var reader = await _root.OpenFileAsync("pipe", FileOpening.Read).Get();
        Assert.Equal(0, await reader.ReadAsync(new byte[10], 0).Get());
        await using (var writer = await _root.OpenFileAsync("pipe", FileOpening.Write).Get())
        {
            var buffer = new byte[10];
            var read = reader.ReadAsync(buffer, 0);
            Assert.False(read.IsCompleted);
            Assert.Equal(4, await writer.WriteText("text", offset: 1000));
            Assert.Equal("text", Encoding.ASCII.GetString(buffer, 0, await read.Get()));
            using var source = new CancellationTokenSource();
            var cancelled = reader.ReadAsync(buffer, 0, source.Token).AsTask();
            await source.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FillAsync(writer));
            await writer.SetLengthAsync(0).Fails(Errno.EINVAL);
            await writer.AllocateAsync(0, 1).Fails(Errno.ESPIPE);
        }

        Assert.Equal(FileKind.Pipe, (await reader.GetStatusAsync().Get()).Kind);
    }

    [Fact]
    public async Task SocketsAndDevicesAreNotOpened()
    {
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(Inside("socket")));
        Assert.Equal(Errno.ENXIO, await _root.OpenFileAsync("socket", FileOpening.Read).Error());
        await using var devices = await new HostFileSystem("/dev").OpenRootAsync().Get();
        Assert.Equal(FileKind.CharacterDevice, (await devices.GetStatusAsync("null").Get()).Kind);
        Assert.Equal(Errno.EACCES, await devices.OpenFileAsync("null", FileOpening.Read).Error());
        Assert.Equal(Errno.EACCES, await devices.OpenFileAsync("zero", ReadWrite | FileOpening.Create).Error());
    }

    [Fact]
    public async Task ProcessFilesLeadNowhere()
    {
        await using var process = await new HostFileSystem("/proc/self").OpenRootAsync().Get();
        Assert.Equal(Errno.ENOTCAPABLE, (await process.Open("root/etc/passwd")).Error);
        Assert.Equal(Errno.ENOTCAPABLE, (await process.Open("cwd/x")).Error);
        Assert.Equal(Errno.ENOTDIR, await process.OpenDirectoryAsync("root").Error());
        Assert.Equal(Errno.ELOOP, await process.OpenFileAsync("exe", FileOpening.Read).Error());
    }

    [Fact]
    public async Task OperationsOnFilesCompleteSynchronously()
    {
        Assert.True(PathWalk.FollowAsync(_root, "d/e/../file", followsLast: true).AsTask().IsCompletedSuccessfully);
        await using var file = await _root.OpenFileAsync("file", ReadWrite).Get();
        Assert.True(file.WriteAsync(new byte[3 << 20], 0).AsTask().IsCompletedSuccessfully);
        Assert.True(file.ReadAsync(new byte[3 << 20], 0).AsTask().IsCompletedSuccessfully);
        Assert.True(_root.ReadEntriesAsync().AsTask().IsCompletedSuccessfully);
        await using var readOnly = await new HostFileSystem(_inside, isReadOnly: true).OpenRootAsync().Get();
        Assert.True(readOnly.OpenFileAsync("file", FileOpening.Read).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task TheDirectoryIsThatOfThePathWhenItWasOpened()
    {
        Directory.CreateSymbolicLink(_folder["toInside"], _inside);
        await using var root = await new HostFileSystem(_folder["toInside"]).OpenRootAsync().Get();
        Directory.Move(_inside, _folder["renamed"]);
        Assert.Equal("harmless", await root.ReadText("file"));
        Assert.Equal("harmless", await _root.ReadText("file"));
    }

    [Fact]
    public void WhatIsNoDirectoryIsTold()
    {
        var missing = Assert.Throws<DirectoryNotFoundException>(() => new HostFileSystem(_folder["missing"]));
        Assert.Equal($"There is no directory '{_folder["missing"]}' (ENOENT).", missing.Message);
        Assert.Contains("(ENOTDIR)", Assert.Throws<DirectoryNotFoundException>(() => new HostFileSystem(_folder["file"])).Message);
        Assert.Throws<ArgumentException>(() => new HostFileSystem(""));
        Assert.Throws<ArgumentException>(() => new HostFileSystem("a\0b"));
        File.CreateSymbolicLink(_folder["loop"], "loop");
        Assert.Contains("(ELOOP)", Assert.Throws<IOException>(() => new HostFileSystem(_folder["loop"])).Message);
    }

    /// <summary>Writes until it has waited for a tenth of a second.</summary>
    private static async Task FillAsync(FileHandle pipe)
    {
        while (true)
        {
            using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
            await pipe.WriteAsync(new byte[1 << 16], 0, source.Token);
        }
    }

    private static async Task<Errno> Closed(Result<FileHandle> opened)
    {
        if (opened.TryGet(out var file))
            await file.DisposeAsync();
        return opened.Error;
    }

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private string Inside(string name) => Path.Combine(_folder["inside"], name);
}
