using System.Runtime.Versioning;
using Fermata.Emscripten.Functions;

namespace Fermata.Emscripten.Tests;

/// <summary>Nothing of the host is reached that was not given: the secret is a file beside the folder that is the program's root.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SandboxTests : IDisposable
{
    private const string Secret = "secret";

    private const int WorkingDirectory = PathFunctions.WorkingDirectory, Create = 0x40, ReadWrite = 2, Result = 4096, Buffer = 8192, Vector = 512;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fermata-");

    public SandboxTests()
    {
        Directory.CreateDirectory(At("inside/d/e"));
        File.WriteAllText(At("secret"), Secret);
        File.WriteAllText(At("inside/file"), "harmless");
        File.CreateSymbolicLink(At("inside/absolute"), At("secret"));
        File.CreateSymbolicLink(At("inside/relative"), "../secret");
        File.CreateSymbolicLink(At("inside/d/deep"), "../../../../../../../.." + At("secret"));
        Directory.CreateSymbolicLink(At("inside/up"), "..");
        Directory.CreateSymbolicLink(At("inside/root"), "/");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    public static TheoryData<string> Paths =>
    [
        "secret", "/secret", "../secret", "/../secret", "d/../../secret", "d/e/../../../secret", "//..//secret", "absolute", "relative", "d/deep", "up/secret", "root/secret",
        "up/up/up/secret", "d/e/../../up/../secret", "/proc/self/environ", "/etc/passwd", "root/etc/passwd", "/dev/../../secret", "/dev/stdin/../../secret",
    ];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task NoPathLeadsOut(string path)
    {
        await using var program = await StartAsync(
            "__syscall_openat", "fd_read", "__syscall_stat64", "__syscall_truncate64", "__syscall_unlinkat", "__syscall_renameat", "__syscall_linkat", "__syscall_chmod",
            "__syscall_utimensat", "__syscall_chdir");
        var fd = await program.CallAsync("__syscall_openat", WorkingDirectory, program.Text(path), 0, 0);
        Assert.True(fd < 0, $"{path} was opened");
        await program.CallAsync("__syscall_truncate64", program.Text(path), 0L);
        await program.CallAsync("__syscall_chmod", program.Text(path), 0);
        await program.CallAsync("__syscall_utimensat", WorkingDirectory, program.Text(path), 0, 0);
        await program.CallAsync("__syscall_linkat", WorkingDirectory, program.Text(path), WorkingDirectory, program.Text("/copy", 2048), 0);
        await program.CallAsync("__syscall_renameat", WorkingDirectory, program.Text("/file"), WorkingDirectory, program.Text(path, 2048));
        await program.CallAsync("__syscall_unlinkat", WorkingDirectory, program.Text(path), 0);
        Assert.Equal(Secret, File.ReadAllText(At("secret")));
        Assert.Equal(["inside", "secret"], _folder.EnumerateFileSystemInfos().Select(entry => entry.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task LinksThatTheProgramMakesLeadNowhereElse()
    {
        await using var program = await StartAsync("__syscall_symlinkat", "__syscall_openat", "__syscall_chdir");
        foreach (var target in new[] { At("secret"), "../../secret", "/../../" + At("secret") })
        {
            await program.SucceedAsync("__syscall_symlinkat", program.Text(target), WorkingDirectory, program.Text("/d/link", 2048));
            await program.FailAsync(Errno.ENOENT, "__syscall_openat", WorkingDirectory, program.Text("/d/link"), 0, 0);
            File.Delete(At("inside/d/link"));
        }

        await program.SucceedAsync("__syscall_chdir", program.Text("/d/e"));
        await program.FailAsync(Errno.ENOENT, "__syscall_openat", WorkingDirectory, program.Text("../../../secret"), 0, 0);
    }

    [Fact]
    public async Task WhatIsMadeIsMadeInside()
    {
        await using var program = await StartAsync("__syscall_openat", "__syscall_mkdirat");
        await program.SucceedAsync("__syscall_openat", WorkingDirectory, program.Text("/../../made"), Create | ReadWrite, 0);
        await program.SucceedAsync("__syscall_mkdirat", WorkingDirectory, program.Text("root/up/made-directory"), 0);
        Assert.True(File.Exists(At("inside/made")));
        Assert.True(Directory.Exists(At("inside/made-directory")));
    }

    [Fact]
    public async Task NothingIsThereThatWasNotGiven()
    {
        await using var program = await ForwardingProgram.StartAsync(
            new EmscriptenHost(), "environ_sizes_get", "fd_read", "__syscall_getcwd", "__syscall_openat", "__syscall_getdents64");
        await program.CallAsync("environ_sizes_get", Result, Result + 4);
        Assert.Equal(0, program.Memory.Read<int>(Result));
        program.Memory.Write(Vector, Buffer);
        program.Memory.Write(Vector + 4, 100);
        Assert.Equal(0, await program.CallAsync("fd_read", 0, Vector, 1, Result));
        Assert.Equal(0, program.Memory.Read<int>(Result));
        await program.SucceedAsync("__syscall_getcwd", Result, 100);
        Assert.Equal("/", program.Memory.ReadUtf8(Result));
        var fd = await program.SucceedAsync("__syscall_openat", WorkingDirectory, program.Text("/"), 0, 0);
        Assert.Equal(5 * 280, await program.CallAsync("__syscall_getdents64", fd, Buffer, 32768));
        Assert.Equal([".", "..", "dev", "home", "tmp"], Enumerable.Range(0, 5).Select(index => program.Memory.ReadUtf8(Buffer + (280 * index) + 19)).Order(StringComparer.Ordinal));
    }

    private string At(string path) => Path.Combine(_folder.FullName, path);

    private Task<ForwardingProgram> StartAsync(params string[] names) => ForwardingProgram.StartAsync(new EmscriptenHost().WithDirectory("/", new HostFileSystem(At("inside"))), names);
}
