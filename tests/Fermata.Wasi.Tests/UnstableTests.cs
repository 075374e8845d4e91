namespace Fermata.Wasi.Tests;

/// <summary>The functions of <c>wasi_unstable</c> that are not those of preview 1.</summary>
public sealed class UnstableTests
{
    private const int Result = 1024;

    [Theory]
    [InlineData(0, 5, 7)]
    [InlineData(1, -1, 9)]
    [InlineData(2, 4, 4)]
    public async Task Seeking_counts_from_the_position_the_end_or_the_beginning(int whence, long offset, long expected)
    {
        await using var guest = await CreateAsync();
        var fd = await guest.OpenAsync("file");
        Assert.Equal(Errno.None, await guest.CallAsync("fd_seek", fd, 2L, 2, Result));
        Assert.Equal(Errno.None, await guest.CallAsync("fd_seek", fd, offset, whence, Result));
        Assert.Equal(expected, guest.Memory.Read<long>(Result));
        Assert.Equal(Errno.EINVAL, await guest.CallAsync("fd_seek", fd, 0L, 3, Result));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_status_of_a_file_has_a_short_count_of_links(bool byPath)
    {
        await using var guest = await CreateAsync();
        guest.Memory.Span.Slice(Result, 64).Fill(0xFF);
        var fd = await guest.OpenAsync("file");
        var length = guest.Memory.WriteUtf8(100, "file");
        Assert.Equal(
            Errno.None, byPath ? await guest.CallAsync("path_filestat_get", 3, 0, 100, length, Result) : await guest.CallAsync("fd_filestat_get", fd, Result));
        Assert.Equal((int)FileType.RegularFile, guest.Memory.Read<int>(Result + 16));
        Assert.Equal(1, guest.Memory.Read<int>(Result + 20));
        Assert.Equal(10, guest.Memory.Read<long>(Result + 24));
        Assert.Equal(1_500_000_000_000_000_000, guest.Memory.Read<long>(Result + 40));
        Assert.Equal(-1, guest.Memory.Read<long>(Result + 56));
    }

    [Fact]
    public async Task A_subscription_to_a_clock_has_a_name_before_its_number()
    {
        await using var guest = await CreateAsync();

        // A clock that never rings, with a name that is no number of a clock, and standard output, which may be written at once.
        guest.Memory.Write(0, 11L);
        guest.Memory.Write(8, 0L);
        guest.Memory.Write(16, 0x7777L);
        guest.Memory.Write(24, 1L);
        guest.Memory.Write(32, long.MaxValue);
        guest.Memory.Write(56, 22L);
        guest.Memory.Write(64, 2L);
        guest.Memory.Write(72, 1);
        Assert.Equal(Errno.None, await guest.CallAsync("poll_oneoff", 0, Result, 2, 512));
        Assert.Equal(1, guest.Memory.Read<int>(512));
        Assert.Equal(22, guest.Memory.Read<long>(Result));
        Assert.Equal(2 << 16, guest.Memory.Read<int>(Result + 8));

        // A time of a clock that has passed.
        guest.Memory.Write(32, 1L);
        guest.Memory.Write(48, 1L);
        Assert.Equal(Errno.None, await guest.CallAsync("poll_oneoff", 0, Result, 1, 512));
        Assert.Equal(11, guest.Memory.Read<long>(Result));
        Assert.Equal(0, guest.Memory.Read<int>(Result + 8));
    }

    [Fact]
    public void Sockets_do_not_accept()
    {
        var engine = new Engine();
        var module = Module.Parse(engine, """(module (import "wasi_unstable" "sock_accept" (func (param i32 i32 i32) (result i32))))""");
        using var store = new Store(engine);
        var problem = Assert.Throws<LinkException>(() => new Linker(engine).DefineWasi().Instantiate(store, module));
        Assert.Contains("sock_accept", problem.Message, StringComparison.Ordinal);
    }

    private static async Task<ForwardingGuest> CreateAsync()
    {
        var files = new MemoryFileSystem(new MemoryFileSystemOptions { TimeProvider = new FixedTime() });
        files.AddText("file", "0123456789");
        return await ForwardingGuest.CreateAsync(new WasiBuilder().WithDirectory("/", files), "wasi_unstable");
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(1_500_000_000);
    }
}
