using Fermata.Emscripten.Functions;

namespace Fermata.Emscripten.Tests;

public sealed class FileFunctionTests
{
    private const int WorkingDirectory = PathFunctions.WorkingDirectory;

    private const int WriteOnly = 1, ReadWrite = 2, Create = 0x40, Exclusive = 0x80, Truncate = 0x200, Append = 0x400, Directory = 0x10000, NoFollow = 0x20000;

    private const int Result = 4096, Arguments = 512;

    private readonly MemoryFileSystem _files = new();

    private Task<ForwardingProgram> StartAsync(params string[] names) =>
        ForwardingProgram.StartAsync(new EmscriptenHost().WithDirectory("/", _files).WithDirectory("/mnt", new MemoryFileSystem()), names);

    [Fact]
    public async Task OpenFollowsTheFlags()
    {
        _files.AddText("/dir/file", "content");
        _files.AddSymbolicLink("/link", "/dir/file");
        await using var program = await StartAsync("__syscall_openat", "fd_write", "fd_read");
        Task<int> Open(string path, int flags, int directory = WorkingDirectory) => program.CallAsync("__syscall_openat", directory, program.Text(path), flags, Arguments);
        Assert.Equal(3, await Open("/dir/file", 0));
        Assert.Equal(4, await Open("dir", Directory));
        Assert.Equal(5, await Open("file", ReadWrite, directory: 4));
        Assert.Equal(6, await Open("../dir/./file", 0, directory: 4));
        Assert.Equal(7, await Open("/../../link", 0));
        Assert.Equal(8, await Open("made", Create | WriteOnly));
        Assert.Equal(-(int)Errno.EEXIST, await Open("made", Create | Exclusive | WriteOnly));
        Assert.Equal(-(int)Errno.ENOENT, await Open("none", 0));
        Assert.Equal(-(int)Errno.ENOENT, await Open("", 0));
        Assert.Equal(-(int)Errno.ENOTDIR, await Open("made/below", 0));
        Assert.Equal(-(int)Errno.ENOTDIR, await Open("made", Directory));
        Assert.Equal(-(int)Errno.EISDIR, await Open("dir", ReadWrite));
        Assert.Equal(-(int)Errno.ELOOP, await Open("link", NoFollow));
        Assert.Equal(-(int)Errno.EBADF, await Open("file", 0, directory: 99));
        Assert.Equal(-(int)Errno.ENOTDIR, await Open("file", 0, directory: 3));
        Assert.Equal(-(int)Errno.ENAMETOOLONG, await Open(new string('a', 300), 0));
        Assert.Equal(9, await Open("dir/file", Truncate | WriteOnly));
        Assert.Equal("", _files.ReadText("/dir/file"));

        // What a descriptor was not opened for is EBADF, as in POSIX, and not WASI's ENOTCAPABLE.
        program.Memory.Write(Arguments, 2048);
        program.Memory.Write(Arguments + 4, 8);
        Assert.Equal((int)Errno.EBADF, await program.CallAsync("fd_write", 3, Arguments, 1, Result));
        Assert.Equal((int)Errno.EBADF, await program.CallAsync("fd_read", 8, Arguments, 1, Result));
    }

    [Fact]
    public async Task StatusHasTheLayoutOfMusl()
    {
        _files.AddText("/file", "content");
        _files.AddSymbolicLink("/link", "file");
        await using var program = await StartAsync("__syscall_stat64", "__syscall_lstat64", "__syscall_newfstatat", "__syscall_fstat64", "__syscall_chmod", "__syscall_faccessat");
        await program.SucceedAsync("__syscall_stat64", program.Text("/link"), Result);
        Assert.Equal(0x8000 | 0b110_000_000, program.Memory.Read<int>(Result + 4));
        Assert.Equal(7, program.Memory.Read<long>(Result + 24));
        Assert.Equal(1, program.Memory.Read<int>(Result + 36));
        Assert.InRange(program.Memory.Read<long>(Result + 56), 1_700_000_000, 4_000_000_000);
        var inode = program.Memory.Read<long>(Result + 88);
        await program.SucceedAsync("__syscall_lstat64", program.Text("/link"), Result);
        Assert.Equal(0xa000, program.Memory.Read<int>(Result + 4) & 0xf000);
        await program.SucceedAsync("__syscall_newfstatat", WorkingDirectory, program.Text("link"), Result, 0);
        Assert.Equal(inode, program.Memory.Read<long>(Result + 88));
        await program.SucceedAsync("__syscall_newfstatat", WorkingDirectory, program.Text("link"), Result, 0x100);
        Assert.Equal(4, program.Memory.Read<long>(Result + 24));
        await program.SucceedAsync("__syscall_newfstatat", 1, program.Text(""), Result, 0x1000);
        Assert.Equal(0x2000, program.Memory.Read<int>(Result + 4) & 0xf000);

        await program.FailAsync(Errno.EACCES, "__syscall_faccessat", WorkingDirectory, program.Text("file"), 1, 0);
        await program.SucceedAsync("__syscall_chmod", program.Text("file"), 0b111_101_101);
        await program.SucceedAsync("__syscall_faccessat", WorkingDirectory, program.Text("file"), 1, 0);
        await program.SucceedAsync("__syscall_stat64", program.Text("file"), Result);
        Assert.Equal(0x8000 | 0b111_101_101, program.Memory.Read<int>(Result + 4));
        await program.FailAsync(Errno.ENOENT, "__syscall_stat64", program.Text("none"), Result);
        await program.FailAsync(Errno.EBADF, "__syscall_fstat64", 99, Result);
        await Assert.ThrowsAsync<MemoryTrapException>(() => program.CallAsync("__syscall_stat64", program.Text("file"), -4));
    }

    [Fact]
    public async Task DirectoriesAreListedInEntriesOf280Bytes()
    {
        foreach (var name in new[] { "a", "b", "c" })
            _files.AddText($"/dir/{name}", "");
        await using var program = await StartAsync("__syscall_openat", "__syscall_getdents64", "fd_seek");
        var fd = await program.SucceedAsync("__syscall_openat", WorkingDirectory, program.Text("dir"), Directory, 0);
        var names = new List<string>();
        for (var read = await List(600); read > 0; read = await List(600))
        {
            for (var entry = Result; entry < Result + read; entry += 280)
            {
                Assert.Equal(280, program.Memory.Read<ushort>(entry + 16));
                names.Add($"{program.Memory.ReadUtf8(entry + 19)} {program.Memory.Read<byte>(entry + 18)}");
            }
        }

        Assert.Equal([". 4", ".. 4", "a 8", "b 8", "c 8"], names.Order(StringComparer.Ordinal));
        Assert.Equal(0, await program.CallAsync("fd_seek", fd, 0L, 0, Result));
        Assert.Equal(5 * 280, await List(65536));
        await program.FailAsync(Errno.EINVAL, "__syscall_getdents64", fd, Result, 279);
        await program.FailAsync(Errno.ENOTDIR, "__syscall_getdents64", 1, Result, 600);

        Task<int> List(int length) => program.CallAsync("__syscall_getdents64", fd, Result, length);
    }

    [Fact]
    public async Task TheWorkingDirectoryIsAPathWithoutLinks()
    {
        _files.AddDirectory("/a/b");
        _files.AddSymbolicLink("/link", "a");
        _files.AddText("/file", "");
        await using var program = await StartAsync("__syscall_chdir", "__syscall_getcwd", "__syscall_openat", "__syscall_fchdir", "__syscall_umask");
        async Task<string> Current() => program.Memory.ReadUtf8(Result, await program.SucceedAsync("__syscall_getcwd", Result, 256) - 1);
        Assert.Equal("/", await Current());
        await program.SucceedAsync("__syscall_chdir", program.Text("link/b/"));
        Assert.Equal("/a/b", await Current());
        await program.SucceedAsync("__syscall_chdir", program.Text("../../mnt"));
        Assert.Equal("/mnt", await Current());
        await program.FailAsync(Errno.ENOTDIR, "__syscall_chdir", program.Text("/file"));
        await program.FailAsync(Errno.ENOENT, "__syscall_chdir", program.Text("/none"));
        await program.FailAsync(Errno.ERANGE, "__syscall_getcwd", Result, 4);
        await program.FailAsync(Errno.EINVAL, "__syscall_getcwd", Result, 0);
        var fd = await program.SucceedAsync("__syscall_openat", WorkingDirectory, program.Text("/link"), 0, 0);
        await program.SucceedAsync("__syscall_fchdir", fd);
        Assert.Equal("/a", await Current());
        await program.FailAsync(Errno.ENOTDIR, "__syscall_fchdir", 0);
        Assert.Equal(0b010_010, await program.CallAsync("__syscall_umask", 0b111_111));
        Assert.Equal(0b111_111, await program.CallAsync("__syscall_umask", 0));
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("yielding")]
    [InlineData("host")]
    public async Task NewEntriesHaveThePermissionsThatTheMaskLeaves(string kind)
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("fermata-modes-");
        try
        {
            FileSystem files = kind == "host" ? new HostFileSystem(folder.FullName) : kind == "memory" ? _files : new YieldingFileSystem(_files);
            var host = new EmscriptenHost().WithDirectory("/", files);
            string[] names = ["__syscall_openat", "__syscall_mkdirat", "__syscall_mknodat", "__syscall_stat64", "__syscall_fstat64", "__syscall_umask", "__syscall_fchmod", "__syscall_unlinkat"];
            await using var program = await ForwardingProgram.StartAsync(host, names);
            await using var other = await ForwardingProgram.StartAsync(host, names);
            program.Memory.Write(Arguments, 0b110_110_110);
            var fd = await program.SucceedAsync("__syscall_openat", WorkingDirectory, program.Text("/file"), Create | ReadWrite, Arguments);
            Assert.Equal(0x8000 | 0b110_100_100, await Mode(program, "/file"));
            await program.SucceedAsync("__syscall_umask", 0b000_111_111);
            await program.SucceedAsync("__syscall_mkdirat", WorkingDirectory, program.Text("/dir"), 0b111_111_111);
            await program.SucceedAsync("__syscall_mknodat", WorkingDirectory, program.Text("/node"), 0x8000 | 0b110_110_110, 0);
            Assert.Equal((0x4000 | 0b111_000_000, 0x8000 | 0b110_000_000), (await Mode(program, "/dir"), await Mode(program, "/node")));

            // A file that is there keeps what it has, which all programs see and which it takes with it.
            await program.SucceedAsync("__syscall_openat", WorkingDirectory, program.Text("/file"), Create | ReadWrite, Arguments);
            await program.SucceedAsync("__syscall_fchmod", fd, 0b111_101_000);
            Assert.Equal(0x8000 | 0b111_101_000, await Mode(other, "/file"));
            await other.SucceedAsync("__syscall_unlinkat", WorkingDirectory, other.Text("/file"), 0);
            await program.SucceedAsync("__syscall_openat", WorkingDirectory, program.Text("/file"), Create | ReadWrite, Arguments);
            Assert.Equal(0x8000 | 0b110_000_000, await Mode(program, "/file"));
            await Assert.ThrowsAsync<MemoryTrapException>(() => program.CallAsync("__syscall_openat", WorkingDirectory, program.Text("/file"), Create | ReadWrite, -2));

            // What has no permissions keeps none.
            await program.SucceedAsync("__syscall_fchmod", 1, 0);
            await program.SucceedAsync("__syscall_fstat64", 1, Result);
            Assert.Equal(0x2000 | 0b110_000_000, program.Memory.Read<int>(Result + 4));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static async Task<int> Mode(ForwardingProgram program, string path)
        {
            await program.SucceedAsync("__syscall_stat64", program.Text(path), Result);
            return program.Memory.Read<int>(Result + 4);
        }
    }

    [Fact]
    public async Task EntriesAreMadeRenamedAndRemoved()
    {
        await using var program = await StartAsync(
            "__syscall_mkdirat", "__syscall_mknodat", "__syscall_renameat", "__syscall_linkat", "__syscall_symlinkat", "__syscall_readlinkat", "__syscall_unlinkat", "__syscall_rmdir",
            "__syscall_truncate64");
        await program.SucceedAsync("__syscall_mkdirat", WorkingDirectory, program.Text("/dir/"), 0);
        await program.FailAsync(Errno.EEXIST, "__syscall_mkdirat", WorkingDirectory, program.Text("/dir"), 0);
        await program.FailAsync(Errno.EEXIST, "__syscall_mkdirat", WorkingDirectory, program.Text("/"), 0);
        await program.SucceedAsync("__syscall_mknodat", WorkingDirectory, program.Text("/dir/file"), 0x8000, 0);
        await program.FailAsync(Errno.EPERM, "__syscall_mknodat", WorkingDirectory, program.Text("/dir/pipe"), 0x1000, 0);
        await program.SucceedAsync("__syscall_truncate64", program.Text("/dir/file"), 100L);
        Assert.Equal(100, _files.ReadFile("/dir/file").Length);
        await program.SucceedAsync("__syscall_renameat", WorkingDirectory, program.Text("/dir/file"), WorkingDirectory, program.Text("/other", 2048));
        await program.FailAsync(Errno.EXDEV, "__syscall_renameat", WorkingDirectory, program.Text("/other"), WorkingDirectory, program.Text("/mnt/other", 2048));
        await program.FailAsync(Errno.EBUSY, "__syscall_renameat", WorkingDirectory, program.Text("/"), WorkingDirectory, program.Text("/root", 2048));
        await program.SucceedAsync("__syscall_linkat", WorkingDirectory, program.Text("/other"), WorkingDirectory, program.Text("/dir/again", 2048), 0);
        await program.SucceedAsync("__syscall_symlinkat", program.Text("/other"), WorkingDirectory, program.Text("/dir/link", 2048));
        Assert.Equal(3, await program.CallAsync("__syscall_readlinkat", WorkingDirectory, program.Text("/dir/link"), Result, 3));
        Assert.Equal("/ot", program.Memory.ReadUtf8(Result, 3));
        await program.FailAsync(Errno.EINVAL, "__syscall_readlinkat", WorkingDirectory, program.Text("/other"), Result, 100);
        await program.FailAsync(Errno.ENOTEMPTY, "__syscall_rmdir", program.Text("/dir"));
        await program.FailAsync(Errno.EBUSY, "__syscall_rmdir", program.Text("/mnt"));
        await program.FailAsync(Errno.EISDIR, "__syscall_unlinkat", WorkingDirectory, program.Text("/dir"), 0);
        await program.SucceedAsync("__syscall_unlinkat", WorkingDirectory, program.Text("/dir/link"), 0);
        await program.SucceedAsync("__syscall_unlinkat", WorkingDirectory, program.Text("/dir/again"), 0);
        await program.SucceedAsync("__syscall_unlinkat", WorkingDirectory, program.Text("/dir"), 0x200);
        Assert.False(_files.Exists("/dir"));
        Assert.True(_files.Exists("/other"));
    }

    [Theory]
    [InlineData("/dev/null", false, false)]
    [InlineData("/dev/tty", false, null)]
    [InlineData("/dev/tty", true, true)]
    [InlineData("/dev/stdin", false, false)]
    [InlineData("/dev/stdin", true, true)]
    [InlineData("/dev/stdout", true, false)]
    public async Task OnlyTerminalsAreTerminals(string path, bool hasTerminal, bool? isTerminal)
    {
        var host = new EmscriptenHost().WithInput(hasTerminal ? new Terminal() : InputStream.Empty);
        await using var program = await ForwardingProgram.StartAsync(host, "__syscall_openat", "__syscall_ioctl");
        program.Memory.Write(Arguments, Result);
        var isOutput = path == "/dev/stdout";
        if (isTerminal is null)
        {
            await program.FailAsync(Errno.ENXIO, "__syscall_openat", WorkingDirectory, program.Text(path), 0, 0);
            return;
        }

        var fd = await program.SucceedAsync("__syscall_openat", WorkingDirectory, program.Text(path), isOutput ? 1 : 0, 0);

        Assert.Equal(isTerminal is true ? 0 : -(int)Errno.ENOTTY, await program.CallAsync("__syscall_ioctl", fd, 0x5413, Arguments));
    }

    [Fact]
    public async Task DescriptorsAreDuplicatedAndShareTheirPosition()
    {
        _files.AddText("/file", "0123456789");
        await using var program = await StartAsync("__syscall_openat", "__syscall_dup", "__syscall_dup3", "__syscall_fcntl64", "fd_read", "fd_close", "__syscall_ioctl");
        await program.SucceedAsync("__syscall_openat", WorkingDirectory, program.Text("/file"), ReadWrite | Append, 0);
        Assert.Equal(4, await program.CallAsync("__syscall_dup", 3));
        Assert.Equal(20, await program.CallAsync("__syscall_dup3", 3, 20, 0));
        program.Memory.Write(Arguments, 10);
        Assert.Equal(10, await program.CallAsync("__syscall_fcntl64", 3, 0, Arguments));
        Assert.Equal(ReadWrite | Append, await program.CallAsync("__syscall_fcntl64", 20, 3, 0));
        await program.FailAsync(Errno.EINVAL, "__syscall_dup3", 3, 3, 0);
        await program.FailAsync(Errno.EBADF, "__syscall_dup", 99);
        Assert.Equal("012", await Read(3));
        Assert.Equal("345", await Read(20));
        Assert.Equal(0, await program.CallAsync("fd_close", 3));
        Assert.Equal("678", await Read(4));
        await program.FailAsync(Errno.ENOTTY, "__syscall_ioctl", 4, 0x5413, Arguments);

        async Task<string> Read(int fd)
        {
            program.Memory.Write(Arguments, 2048);
            program.Memory.Write(Arguments + 4, 3);
            Assert.Equal(0, await program.CallAsync("fd_read", fd, Arguments, 1, Result));
            return program.Memory.ReadUtf8(2048, program.Memory.Read<int>(Result));
        }
    }

    [Fact]
    public async Task TimesAreSetToWhatNowOrNothingSays()
    {
        _files.AddText("/file", "");
        await using var program = await StartAsync("__syscall_utimensat", "__syscall_stat64");
        program.Memory.Write(Arguments, 1_000_000_000L);
        program.Memory.Write(Arguments + 8, 5L);
        program.Memory.Write(Arguments + 16, 2_000_000_000L);
        program.Memory.Write(Arguments + 24, 6L);
        await program.SucceedAsync("__syscall_utimensat", WorkingDirectory, program.Text("/file"), Arguments, 0);
        program.Memory.Write(Arguments + 8, 0x3fffffffL);
        program.Memory.Write(Arguments + 24, 0x3ffffffeL);
        await program.SucceedAsync("__syscall_utimensat", WorkingDirectory, program.Text("/file"), Arguments, 0);
        await program.SucceedAsync("__syscall_stat64", program.Text("/file"), Result);
        Assert.InRange(program.Memory.Read<long>(Result + 40), 1_700_000_000, 4_000_000_000);
        Assert.Equal((2_000_000_000L, 6), (program.Memory.Read<long>(Result + 56), program.Memory.Read<int>(Result + 64)));
        program.Memory.Write(Arguments + 8, 1_000_000_000L);
        await program.FailAsync(Errno.EINVAL, "__syscall_utimensat", WorkingDirectory, program.Text("/file"), Arguments, 0);
    }

    [Fact]
    public async Task MappedFilesAreReadAndWrittenBack()
    {
        const int shared = 1, isPrivate = 2, readWrite = 3;
        _files.AddText("/file", "content");
        await using var program = await StartAsync("__syscall_openat", "_mmap_js", "_munmap_js", "_msync_js", "fd_close");
        var fd = await program.SucceedAsync("__syscall_openat", WorkingDirectory, program.Text("/file"), ReadWrite, 0);
        var address = await Map(shared);
        Assert.Equal("content\0\0\0", program.Memory.ReadUtf8(address, 10));
        Assert.Equal(0, await program.CallAsync("fd_close", fd));
        program.Memory.WriteUtf8(address, "CONT");
        await program.SucceedAsync("_msync_js", address, 100, readWrite, shared, fd, 0L);
        Assert.Equal("CONTent", _files.ReadText("/file"));
        program.Memory.WriteUtf8(address + 4, "ENT!");
        await program.SucceedAsync("_munmap_js", address, 100, readWrite, shared, fd, 0L);
        Assert.Equal("CONTENT", _files.ReadText("/file"));
        await program.FailAsync(Errno.EINVAL, "_munmap_js", address, 100, readWrite, shared, fd, 0L);

        fd = await program.SucceedAsync("__syscall_openat", WorkingDirectory, program.Text("/file"), 0, 0);
        await program.FailAsync(Errno.EACCES, "_mmap_js", 100, readWrite, shared, fd, 0L, Result, Result + 4);
        address = await Map(isPrivate);
        program.Memory.WriteUtf8(address, "mine");
        await program.SucceedAsync("_munmap_js", address, 100, readWrite, isPrivate, fd, 0L);
        Assert.Equal("CONTENT", _files.ReadText("/file"));
        await program.FailAsync(Errno.ENODEV, "_mmap_js", 100, 1, isPrivate, 0, 0L, Result, Result + 4);
        await program.FailAsync(Errno.ENOMEM, "_mmap_js", -65536, 1, isPrivate, fd, 0L, Result, Result + 4);

        async Task<int> Map(int flags)
        {
            await program.SucceedAsync("_mmap_js", 100, readWrite, flags, fd, 0L, Result, Result + 4);
            Assert.Equal(1, program.Memory.Read<int>(Result));
            return program.Memory.Read<int>(Result + 4);
        }
    }

    [Fact]
    public async Task FilesAreCutLengthenedAndAdvised()
    {
        _files.AddText("/file", "0123456789");
        await using var program = await StartAsync(
            "__syscall_openat", "__syscall_ftruncate64", "__syscall_fallocate", "__syscall_fadvise64", "__syscall_fdatasync", "__syscall_fchown32", "__syscall_fchownat");
        var fd = await program.SucceedAsync("__syscall_openat", WorkingDirectory, program.Text("/file"), ReadWrite, 0);
        var readOnly = await program.SucceedAsync("__syscall_openat", WorkingDirectory, program.Text("/file"), 0, 0);
        await program.SucceedAsync("__syscall_ftruncate64", fd, 4L);
        Assert.Equal("0123", _files.ReadText("/file"));
        await program.SucceedAsync("__syscall_fallocate", fd, 0, 0L, 6L);
        Assert.Equal("0123\0\0", _files.ReadText("/file"));
        await program.FailAsync(Errno.EINVAL, "__syscall_ftruncate64", fd, -1L);
        await program.FailAsync(Errno.EINVAL, "__syscall_ftruncate64", readOnly, 1L);
        await program.FailAsync(Errno.EINVAL, "__syscall_ftruncate64", 1, 1L);
        await program.FailAsync(Errno.ENOTSUP, "__syscall_fallocate", fd, 1, 0L, 6L);
        await program.FailAsync(Errno.EINVAL, "__syscall_fallocate", fd, 0, 0L, 0L);
        await program.FailAsync(Errno.EFBIG, "__syscall_fallocate", fd, 0, long.MaxValue, 1L);
        await program.FailAsync(Errno.EBADF, "__syscall_fallocate", readOnly, 0, 0L, 6L);
        await program.SucceedAsync("__syscall_fadvise64", fd, 0L, 0L, 5);
        await program.FailAsync(Errno.EINVAL, "__syscall_fadvise64", fd, 0L, 0L, 6);
        await program.FailAsync(Errno.ESPIPE, "__syscall_fadvise64", 1, 0L, 0L, 0);
        await program.SucceedAsync("__syscall_fdatasync", readOnly);
        await program.SucceedAsync("__syscall_fdatasync", 1);
        await program.FailAsync(Errno.EINVAL, "__syscall_fdatasync", 0);
        await program.SucceedAsync("__syscall_fchown32", fd, 1, 1);
        await program.FailAsync(Errno.EBADF, "__syscall_fchown32", 99, 1, 1);
        await program.SucceedAsync("__syscall_fchownat", WorkingDirectory, program.Text("/file"), 1, 1, 0);
        await program.FailAsync(Errno.ENOENT, "__syscall_fchownat", WorkingDirectory, program.Text("/none"), 1, 1, 0);
    }

    [Fact]
    public async Task FileSystemsTellOneSizeInBothLayouts()
    {
        await using var program = await StartAsync("__syscall_statfs64", "__syscall_fstatfs64");
        program.Memory.GetSpan(Result, 100).Fill(0xff);
        await program.SucceedAsync("__syscall_statfs64", program.Text("/"), 64, Result);
        Assert.Equal((4096, 1_000_000, 255, 4096), (program.Memory.Read<int>(Result + 4), program.Memory.Read<int>(Result + 8), program.Memory.Read<int>(Result + 36), program.Memory.Read<int>(Result + 40)));
        Assert.Equal(0xff, program.Memory.Read<byte>(Result + 64));
        await program.SucceedAsync("__syscall_fstatfs64", 0, 88, Result);
        Assert.Equal((4096, 1_000_000L, 255, 4096), (program.Memory.Read<int>(Result + 4), program.Memory.Read<long>(Result + 8), program.Memory.Read<int>(Result + 56), program.Memory.Read<int>(Result + 60)));
        await program.FailAsync(Errno.ENOENT, "__syscall_statfs64", program.Text("/none"), 64, Result);
        await program.FailAsync(Errno.EBADF, "__syscall_fstatfs64", 99, 64, Result);
        await Assert.ThrowsAsync<MemoryTrapException>(() => program.CallAsync("__syscall_statfs64", program.Text("/"), -1, Result));
    }

    [Fact]
    public async Task OtherSpellingsAreTheSameFunctions()
    {
        _files.AddText("/file", "");
        await using var program = await StartAsync(
            "__syscall_fchmod", "__syscall_fchmodat", "__syscall_fchmodat2", "__syscall_faccessat2", "__syscall_unlink", "__syscall_dup2", "__sys_openat", "__syscall_stat64");
        Assert.Equal(3, await program.CallAsync("__sys_openat", WorkingDirectory, program.Text("/file"), 0, 0));
        await program.SucceedAsync("__syscall_fchmod", 3, 1);
        await program.SucceedAsync("__syscall_stat64", program.Text("/file"), Result);
        Assert.Equal(0x8001, program.Memory.Read<int>(Result + 4));
        await program.SucceedAsync("__syscall_fchmodat", WorkingDirectory, program.Text("/file"), 2, 0);
        await program.SucceedAsync("__syscall_fchmodat2", WorkingDirectory, program.Text("/file"), 0b1_000_000, 0);
        await program.SucceedAsync("__syscall_faccessat2", WorkingDirectory, program.Text("/file"), 1, 0);
        await program.FailAsync(Errno.EINVAL, "__syscall_faccessat2", WorkingDirectory, program.Text("/file"), 8, 0);
        Assert.Equal(3, await program.CallAsync("__syscall_dup2", 3, 3));
        Assert.Equal(9, await program.CallAsync("__syscall_dup2", 3, 9));
        await program.FailAsync(Errno.EBADF, "__syscall_dup2", 3, -1);
        await program.SucceedAsync("__syscall_unlink", program.Text("/file"));
        Assert.False(_files.Exists("/file"));
    }

    [Fact]
    public async Task TheHostSetsPermissionsOfFiles()
    {
        var files = new MemoryFileSystem();
        files.AddText("/tool", "");
        var host = new EmscriptenHost().WithDirectory("/", files).WithFileMode("/tool", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using var program = await ForwardingProgram.StartAsync(host, "__syscall_faccessat", "__syscall_chmod", "__syscall_openat", "__syscall_renameat", "__syscall_linkat");
        const int workingDirectory = -100, executes = 1;
        await program.SucceedAsync("__syscall_faccessat", workingDirectory, program.Text("/tool"), executes, 0);

        // The program may change them for itself, and they stay with the file.
        await program.SucceedAsync("__syscall_chmod", program.Text("/tool"), 0);
        await program.FailAsync(Errno.EACCES, "__syscall_faccessat", workingDirectory, program.Text("/tool"), executes, 0);
        await program.SucceedAsync("__syscall_chmod", program.Text("/tool"), 0b001_000_000);
        await program.SucceedAsync("__syscall_renameat", workingDirectory, program.Text("/tool"), workingDirectory, program.Text("/moved", 2048));
        await program.SucceedAsync("__syscall_faccessat", workingDirectory, program.Text("/moved"), executes, 0);
        await using (var root = (await files.OpenRootAsync()).Value)
            Assert.Null((await root.GetStatusAsync("moved")).Value.Mode);
        files.AddText("/tool", "");

        var missing = await Assert.ThrowsAsync<IOException>(() => ForwardingProgram.StartAsync(host.WithFileMode("/none", UnixFileMode.UserRead), "__syscall_faccessat"));
        Assert.Contains("/none cannot be set", missing.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => host.WithFileMode("tool", UnixFileMode.UserRead));
    }

    private sealed class Terminal : InputStream
    {
        public override bool IsTerminal => true;

        public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(0);

        public override ValueTask<Result<int>> WaitAsync(CancellationToken cancellationToken = default) => new(0);
    }
}
