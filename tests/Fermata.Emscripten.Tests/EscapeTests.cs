using System.Runtime.Versioning;
using Fermata.Emscripten.Functions;

namespace Fermata.Emscripten.Tests;

/// <summary>What programs do with descriptors, links, names and what changes meanwhile, to reach what they were not given: the secret is beside the folder that is their root.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class EscapeTests : IDisposable
{
    private const string Secret = "secret";

    private const int WorkingDirectory = PathFunctions.WorkingDirectory, Create = 0x40, Truncate = 0x200, ReadOnly = 0, ReadWrite = 2, NoFollow = 0x100, RemovesDirectory = 0x200;

    private const int Other = 2048, Result = 16384, Buffer = 32768, Vector = 512;

    private static readonly string[] NamesInside = [".", "..", "e", "file", "d"], NamesOutside = ["inside", "outside", "secret"],
        Walked = ["/d/file", "/d/secret", "/file", "/d/e/../secret", "/d/../secret", "/d/d/secret"];

    private static readonly string[] Functions =
    [
        "__syscall_openat", "__syscall_stat64", "__syscall_lstat64", "__syscall_newfstatat", "__syscall_faccessat", "__syscall_faccessat2", "__syscall_readlinkat", "__syscall_statfs64",
        "__syscall_mkdirat", "__syscall_mknodat", "__syscall_rmdir", "__syscall_unlink", "__syscall_unlinkat", "__syscall_renameat", "__syscall_linkat", "__syscall_symlinkat", "__syscall_chmod",
        "__syscall_fchmodat2", "__syscall_fchownat", "__syscall_utimensat", "__syscall_truncate64", "__syscall_chdir", "__syscall_fchdir", "__syscall_getcwd", "__syscall_getdents64",
        "__syscall_fstat64", "__syscall_fstatfs64", "__syscall_ftruncate64", "__syscall_fchmod", "fd_read", "fd_write", "fd_close",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fermata-");
    private readonly long _inode;

    public EscapeTests()
    {
        Directory.CreateDirectory(At("inside/d/e"));
        Directory.CreateDirectory(At("outside/d"));
        foreach (var path in new[] { "secret", "outside/secret", "outside/d/secret" })
            File.WriteAllText(At(path), Secret);
        foreach (var path in new[] { "file", "d/file", "d/e/file" })
            File.WriteAllText(At($"inside/{path}"), "harmless");
        _inode = InodeOf(At("secret"));
    }

    public static TheoryData<string> Targets => ["..", "../..", "../outside", "/", "/proc/self/root", "/proc/self/cwd", "/proc/1/root", "../../../../../../../../../.."];

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>A link to a directory outside, in the way of every function that takes a path.</summary>
    [Theory]
    [MemberData(nameof(Targets))]
    public async Task ALinkInAPathLeadsOutForNoFunction(string target)
    {
        File.CreateSymbolicLink(At("inside/link"), target);
        File.CreateSymbolicLink(At("inside/d/chain"), "../link");
        var (mode, time) = (File.GetUnixFileMode(At("secret")), File.GetLastWriteTimeUtc(At("secret")));
        await using var program = await StartAsync();
        var root = await program.SucceedAsync("__syscall_openat", WorkingDirectory, program.Text("/d/e"), ReadOnly, 0);
        foreach (var start in new[] { "link", "d/chain", "/link", "d/../link", "link/.", "link//" })
        {
            foreach (var path in new[] { $"{start}/secret", $"{start}{At("secret")}", $"{start}/outside/secret", $"{start}/etc/hostname", $"{start}/../secret" })
            {
                foreach (var directory in new[] { WorkingDirectory, root })
                {
                    var at = directory == root && path[0] != '/' ? $"../../{path}" : path;
                    await program.FailAsync(Errno.ENOENT, "__syscall_openat", directory, program.Text(at), ReadOnly, 0);
                    await program.FailAsync(Errno.ENOENT, "__syscall_newfstatat", directory, program.Text(at), Result, 0);
                    await program.FailAsync(Errno.ENOENT, "__syscall_newfstatat", directory, program.Text(at), Result, NoFollow);
                    await program.FailAsync(Errno.ENOENT, "__syscall_faccessat", directory, program.Text(at), 0, 0);
                    await program.FailAsync(Errno.ENOENT, "__syscall_faccessat2", directory, program.Text(at), 0, 0);
                    await program.FailAsync(Errno.ENOENT, "__syscall_readlinkat", directory, program.Text(at), Result, 100);
                    await program.FailAsync(Errno.ENOENT, "__syscall_fchmodat2", directory, program.Text(at), 0, 0);
                    await program.FailAsync(Errno.ENOENT, "__syscall_fchownat", directory, program.Text(at), 0, 0, 0);
                    await program.FailAsync(Errno.ENOENT, "__syscall_utimensat", directory, program.Text(at), 0, 0);
                    await program.FailAsync(Errno.ENOENT, "__syscall_linkat", directory, program.Text(at), WorkingDirectory, program.Text("/copy", Other), 0);
                    await program.FailAsync(Errno.ENOENT, "__syscall_renameat", directory, program.Text(at), WorkingDirectory, program.Text("/copy", Other));
                    await program.FailAsync(Errno.ENOENT, "__syscall_unlinkat", directory, program.Text(at), 0);
                    await program.FailAsync(Errno.ENOENT, "__syscall_unlinkat", directory, program.Text(at), RemovesDirectory);
                }

                foreach (var function in new[] { "__syscall_stat64", "__syscall_lstat64" })
                    await program.FailAsync(Errno.ENOENT, function, program.Text(path), Result);
                foreach (var function in new[] { "__syscall_unlink", "__syscall_rmdir", "__syscall_chdir" })
                    await program.FailAsync(Errno.ENOENT, function, program.Text(path));
                await program.FailAsync(Errno.ENOENT, "__syscall_statfs64", program.Text(path), 88, Result);
                await program.FailAsync(Errno.ENOENT, "__syscall_chmod", program.Text(path), 0);
                await program.FailAsync(Errno.ENOENT, "__syscall_truncate64", program.Text(path), 0L);
            }
        }

        Assert.Equal((Secret, mode, time), (File.ReadAllText(At("secret")), File.GetUnixFileMode(At("secret")), File.GetLastWriteTimeUtc(At("secret"))));
        RequireNothingOutside();
    }

    /// <summary>Links whose targets are not there are made, moved and removed as links, and what would be made through them is made inside or not at all.</summary>
    [Theory]
    [InlineData("../new")]
    [InlineData("../../new")]
    [InlineData("/new")]
    [InlineData("/tmp/../new")]
    [InlineData("d/../../new")]
    public async Task NothingIsMadeThroughALink(string target)
    {
        await using var program = await StartAsync();
        await program.SucceedAsync("__syscall_symlinkat", program.Text(target), WorkingDirectory, program.Text("/link", Other));
        Assert.Equal(target.Length, await program.CallAsync("__syscall_readlinkat", WorkingDirectory, program.Text("/link"), Result, 100));
        await program.SucceedAsync("__syscall_linkat", WorkingDirectory, program.Text("/link"), WorkingDirectory, program.Text("/d/hard", Other), 0);
        await program.SucceedAsync("__syscall_renameat", WorkingDirectory, program.Text("/d/hard"), WorkingDirectory, program.Text("/d/e/moved", Other));
        foreach (var path in new[] { "/link", "/d/e/moved" })
        {
            await program.CallAsync("__syscall_mkdirat", WorkingDirectory, program.Text(path), 0b111_111_111);
            await program.CallAsync("__syscall_mknodat", WorkingDirectory, program.Text(path), 0b110_110_110, 0);
            await program.CallAsync("__syscall_symlinkat", program.Text("file"), WorkingDirectory, program.Text(path, Other));
            await program.CallAsync("__syscall_linkat", WorkingDirectory, program.Text("/file"), WorkingDirectory, program.Text(path, Other), 0);
            await program.CallAsync("__syscall_openat", WorkingDirectory, program.Text(path), Create | ReadWrite | Truncate, 0);
        }

        RequireNothingOutside();
        await program.SucceedAsync("__syscall_unlink", program.Text("/link"));
        await program.SucceedAsync("__syscall_unlink", program.Text("/d/e/moved"));
    }

    [Fact]
    public async Task ADescriptorOfADirectoryLeadsNowhereElseWhateverBecomesOfIt()
    {
        await using var program = await StartAsync();
        var fd = await program.SucceedAsync("__syscall_openat", WorkingDirectory, program.Text("/d/e"), ReadOnly, 0);
        var other = await program.SucceedAsync("__syscall_openat", WorkingDirectory, program.Text("/d"), ReadOnly, 0);
        await AttackAsync();
        Assert.Equal("harmless", await ReadAsync(program, await program.SucceedAsync("__syscall_openat", fd, program.Text("file"), ReadOnly, 0)));

        // The host moves it out.
        Directory.Move(At("inside/d/e"), At("outside/e"));
        await AttackAsync();
        Directory.Move(At("outside/e"), At("inside/d/e"));

        // There is a link in its place, and in that of the one above.
        File.Delete(At("inside/d/e/file"));
        await program.SucceedAsync("__syscall_rmdir", program.Text("/d/e"));
        await AttackAsync();
        await program.FailAsync(Errno.ENOENT, "__syscall_openat", fd, program.Text("new"), Create | ReadWrite, 0);
        await program.FailAsync(Errno.ENOENT, "__syscall_mkdirat", fd, program.Text("new"), 0);
        foreach (var target in new[] { "../../outside", At("outside"), "/proc/self/root" + At("outside") })
        {
            File.CreateSymbolicLink(At("inside/d/e"), target);
            await AttackAsync();
            File.Delete(At("inside/d/e"));
        }

        Directory.Move(At("inside/d"), At("inside/was"));
        File.CreateSymbolicLink(At("inside/d"), "../outside");
        await AttackAsync();
        RequireNothingOutside();

        async Task AttackAsync()
        {
            foreach (var directory in new[] { fd, other })
            {
                foreach (var path in new[] { "secret", "../secret", "../../secret", "../../../secret", "../d/secret", "d/secret", "../outside/secret", "e/../../../secret", "e/secret" })
                {
                    Assert.True(await program.CallAsync("__syscall_openat", directory, program.Text(path), ReadOnly, 0) < 0, path);
                    Assert.True(await program.CallAsync("__syscall_newfstatat", directory, program.Text(path), Result, 0) < 0, path);
                    Assert.True(await program.CallAsync("__syscall_unlinkat", directory, program.Text(path), 0) < 0, path);
                    Assert.True(await program.CallAsync("__syscall_linkat", directory, program.Text(path), WorkingDirectory, program.Text("/copy", Other), 0) < 0, path);
                    Assert.True(await program.CallAsync("__syscall_renameat", WorkingDirectory, program.Text("/file"), directory, program.Text($"../../../{path}-new/x", Other)) < 0, path);
                }

                var length = await program.CallAsync("__syscall_getdents64", directory, Buffer, 32768);
                for (var entry = 0; entry < length; entry += 280)
                    Assert.Contains(program.Memory.ReadUtf8(Buffer + entry + 19), NamesInside);
                await program.CallAsync("__syscall_fchdir", directory);
                Assert.True(await program.CallAsync("__syscall_openat", WorkingDirectory, program.Text("../../../secret"), ReadOnly, 0) < 0);
                await program.SucceedAsync("__syscall_chdir", program.Text("/"));
            }
        }
    }

    [Fact]
    public async Task TheWorkingDirectoryIsNoWayOutWhenItIsReplaced()
    {
        await using var program = await StartAsync();
        await program.SucceedAsync("__syscall_chdir", program.Text("/d/e"));
        Directory.Move(At("inside/d"), At("outside/moved"));
        await program.FailAsync(Errno.ENOENT, "__syscall_openat", WorkingDirectory, program.Text("file"), ReadOnly, 0);
        File.CreateSymbolicLink(At("inside/d"), "../outside/d");
        foreach (var path in new[] { "secret", "../secret", "../../secret", "../../../secret" })
            await program.FailAsync(Errno.ENOENT, "__syscall_openat", WorkingDirectory, program.Text(path), ReadOnly, 0);
        await program.SucceedAsync("__syscall_getcwd", Result, 100);
        Assert.Equal("/d/e", program.Memory.ReadUtf8(Result));
        Directory.Delete(At("outside/moved"), recursive: true);
    }

    [Fact]
    public async Task NamesEndAtANulAndPathsAtTheirLength()
    {
        await using var program = await StartAsync();
        Assert.Equal("harmless", await ReadAsync(program, await program.SucceedAsync("__syscall_openat", WorkingDirectory, program.Text("file\0/../../secret"), ReadOnly, 0)));
        await program.FailAsync(Errno.ENOENT, "__syscall_openat", WorkingDirectory, program.Text("\0file"), ReadOnly, 0);
        var (longest, repeated) = (4095, string.Concat(Enumerable.Repeat("d/../", 810)));
        Assert.Equal("harmless", await ReadAsync(program, await program.SucceedAsync("__syscall_openat", WorkingDirectory, program.Text(repeated + "file"), ReadOnly, 0)));
        foreach (var path in new[] { new string('a', 256), $"d/{new string('é', 128)}/..", new string('/', longest + 1) + "file", string.Concat(Enumerable.Repeat("../", 1366)) + "secret", new string('a', 20_000) })
        {
            await program.FailAsync(Errno.ENAMETOOLONG, "__syscall_openat", WorkingDirectory, program.Text(path, Buffer), Create | ReadWrite, 0);
            await program.FailAsync(Errno.ENAMETOOLONG, "__syscall_stat64", program.Text(path, Buffer), Result);
            await program.FailAsync(Errno.ENAMETOOLONG, "__syscall_mkdirat", WorkingDirectory, program.Text(path, Buffer), 0);
            await program.FailAsync(Errno.ENAMETOOLONG, "__syscall_renameat", WorkingDirectory, program.Text("/file"), WorkingDirectory, program.Text(path, Buffer));
        }

        // What is no UTF-8, and what the memory ends before.
        program.Memory.Write(Other, 0x00ffc061);
        Assert.True(await program.CallAsync("__syscall_openat", WorkingDirectory, Other, Create | ReadWrite, 0) < 0);
        var end = checked((int)program.Memory.ByteLength);
        program.Memory.GetSpan(end - 4, 4).Fill((byte)'a');
        foreach (var path in new[] { end - 4, end, -1, int.MinValue })
            await Assert.ThrowsAsync<MemoryTrapException>(() => program.CallAsync("__syscall_openat", WorkingDirectory, path, Create | ReadWrite, 0));
        Assert.Equal(["d", "file"], new DirectoryInfo(At("inside")).EnumerateFileSystemInfos().Select(entry => entry.Name).Order(StringComparer.Ordinal));
        RequireNothingOutside();
    }

    [Fact]
    public async Task NamesWithBackslashesAndDotsAreNames()
    {
        await using var program = await StartAsync();
        foreach (var name in new[] { "..\\secret", "...", ".. ", " ..", "..;", "%2e%2e", "d\\file", "C:\\", "\\\\host\\share" })
        {
            await program.SucceedAsync("__syscall_openat", WorkingDirectory, program.Text(name), Create | ReadWrite, 0);
            Assert.True(File.Exists(At($"inside/{name}")), name);
            await program.SucceedAsync("__syscall_unlink", program.Text(name));
        }

        RequireNothingOutside();
    }

    /// <summary>A directory of the system is no more than what is in it, though its links lead elsewhere for whoever follows them as the kernel does.</summary>
    [Fact]
    public async Task WhoIsGivenProcHasNoMoreThanItsFiles()
    {
        if (!OperatingSystem.IsLinux())
            return;
        await using var program = await ForwardingProgram.StartAsync(new EmscriptenHost().WithDirectory("/", new HostFileSystem("/proc/self")), Functions);
        foreach (var path in new[] { "root/etc/passwd", "cwd/x", "exe", "task/../root/etc/passwd", "../1/root/etc/passwd", "ns/mnt" })
        {
            Assert.True(await program.CallAsync("__syscall_openat", WorkingDirectory, program.Text(path), ReadOnly, 0) < 0, path);
            Assert.True(await program.CallAsync("__syscall_openat", WorkingDirectory, program.Text(path), ReadWrite | Create, 0) < 0, path);
        }
    }

    [Fact]
    public async Task DevicesAndSocketsOfTheHostAreNotOpened()
    {
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(At("inside/socket")));
        await using var program = await ForwardingProgram.StartAsync(
            new EmscriptenHost().WithDirectory("/", new HostFileSystem(At("inside"))).WithDirectory("/devices", new HostFileSystem("/dev")), Functions);
        await program.FailAsync(Errno.ENXIO, "__syscall_openat", WorkingDirectory, program.Text("/socket"), ReadOnly, 0);
        foreach (var name in new[] { "null", "zero", "tty", "random" })
        {
            if (File.Exists($"/dev/{name}"))
                await program.FailAsync(Errno.EACCES, "__syscall_openat", WorkingDirectory, program.Text($"/devices/{name}"), ReadWrite, 0);
        }

        await program.FailAsync(Errno.EPERM, "__syscall_mknodat", WorkingDirectory, program.Text("/made"), 0b10 << 12, 0x103);
        await program.FailAsync(Errno.EXDEV, "__syscall_linkat", WorkingDirectory, program.Text("/devices/null"), WorkingDirectory, program.Text("/made", Other), 0);
        await program.FailAsync(Errno.EXDEV, "__syscall_renameat", WorkingDirectory, program.Text("/file"), WorkingDirectory, program.Text("/devices/made", Other));
    }

    /// <summary>What the program has open of a file that was removed is that file, whatever has its name now.</summary>
    [Fact]
    public async Task AnOpenFileIsThatFileWhateverHasItsName()
    {
        await using var program = await StartAsync();
        var fd = await program.SucceedAsync("__syscall_openat", WorkingDirectory, program.Text("/file"), ReadWrite, 0);
        File.Delete(At("inside/file"));
        File.CreateSymbolicLink(At("inside/file"), "../secret");
        await program.SucceedAsync("__syscall_ftruncate64", fd, 3L);
        await program.SucceedAsync("__syscall_fchmod", fd, 0);
        Assert.Equal("har", await ReadAsync(program, fd));
        await program.FailAsync(Errno.ENOENT, "__syscall_truncate64", program.Text("/file"), 0L);
        Assert.Equal(Secret, File.ReadAllText(At("secret")));
    }

    /// <summary>Directories and links to the outside change places while the program goes through their names.</summary>
    [Fact]
    public async Task WhatIsReplacedMeanwhileDoesNotLeadOut()
    {
        File.CreateSymbolicLink(At("inside/to-directory"), "../outside");
        File.CreateSymbolicLink(At("inside/to-file"), "../secret");
        await using var program = await StartAsync();
        await using var root = (await new HostFileSystem(At("inside")).OpenRootAsync()).Value;
        using var finished = new CancellationTokenSource();
        var harmless = 0;
        var walker = Task.Run(async () =>
        {
            while (!finished.IsCancellationRequested)
            {
                foreach (var path in Walked)
                {
                    if (await program.CallAsync("__syscall_openat", WorkingDirectory, program.Text(path), ReadOnly, 0) is >= 0 and var fd)
                    {
                        Assert.Equal("harmless", await ReadAsync(program, fd));
                        Interlocked.Increment(ref harmless);
                    }

                    await program.CallAsync("__syscall_truncate64", program.Text("/d/secret"), 0L);
                    await program.CallAsync("__syscall_unlink", program.Text("/d/secret"));
                    if (await program.CallAsync("__syscall_openat", WorkingDirectory, program.Text("/d/new"), Create | ReadWrite, 0) is >= 0 and var made)
                        await program.SucceedAsync("fd_close", made);
                    await program.CallAsync("__syscall_unlink", program.Text("/d/new"));
                }
            }
        });
        for (var swaps = 0; (swaps < 300 || Volatile.Read(ref harmless) < 100) && !walker.IsFaulted; swaps++)
        {
            await SwapAsync("d", "to-directory");
            await SwapAsync("file", "to-file");
        }

        await finished.CancelAsync();
        await walker;
        RequireNothingOutside();

        async Task SwapAsync(string first, string second)
        {
            foreach (var (from, to) in new[] { (first, "aside"), (second, first), (first, second), ("aside", first) })
                Assert.Equal(Errno.None, await root.RenameAsync(from, root, to));
        }
    }

    private static async Task<string> ReadAsync(ForwardingProgram program, int fd)
    {
        program.Memory.Write(Vector, Buffer);
        program.Memory.Write(Vector + 4, 100);
        Assert.Equal(0, await program.CallAsync("fd_read", fd, Vector, 1, Result));
        var text = System.Text.Encoding.UTF8.GetString(program.Memory.GetSpan(Buffer, program.Memory.Read<int>(Result)));
        Assert.Equal(0, await program.CallAsync("fd_close", fd));
        return text;
    }

    private static long InodeOf(string path)
    {
        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%i", path]) { RedirectStandardOutput = true })!;
        return long.Parse(stat.StandardOutput.ReadToEnd(), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>What is outside is as it was: the same files, with the same content.</summary>
    private void RequireNothingOutside()
    {
        Assert.Equal(NamesOutside, Names(_folder.FullName));
        Assert.Equal("d secret", string.Join(' ', Names(At("outside"))));
        Assert.Equal("secret", string.Join(' ', Names(At("outside/d"))));
        foreach (var path in new[] { "secret", "outside/secret", "outside/d/secret" })
            Assert.Equal(Secret, File.ReadAllText(At(path)));
        Assert.Equal(_inode, InodeOf(At("secret")));
        Assert.Empty(Directory.EnumerateFiles(At("inside"), "copy", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }));

        static IEnumerable<string> Names(string folder) => new DirectoryInfo(folder).EnumerateFileSystemInfos().Select(entry => entry.Name).Order(StringComparer.Ordinal);
    }

    private string At(string path) => Path.Combine(_folder.FullName, path);

    private Task<ForwardingProgram> StartAsync() => ForwardingProgram.StartAsync(new EmscriptenHost().WithDirectory("/", new HostFileSystem(At("inside"))), Functions);
}
