namespace Fermata.Wasi.Tests;

/// <summary>Named pipes, by calls that wait for each other.</summary>
public sealed class PipeTests
{
    private const int ReadAt = 64, WriteAt = 128, WriteVectorAt = 16, CountAt = 32;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_write_reaches_the_read_that_waits_at_the_same_descriptor()
    {
        using var folder = new TemporaryFolder();
        folder.AddPipe("pipe");
        await using var guest = await ForwardingGuest.CreateAsync(new WasiBuilder().WithDirectory("/", new HostFileSystem(folder.Path)));
        var fd = await guest.OpenAsync("pipe");
        guest.WriteVector(ReadAt, 4);
        var read = guest.CallAsync("fd_read", fd, 0, 1, CountAt);
        Assert.False(read.IsCompleted);
        guest.Memory.Write(WriteVectorAt, WriteAt);
        guest.Memory.Write(WriteVectorAt + 4, guest.Memory.WriteUtf8(WriteAt, "text"));
        Assert.Equal(Errno.None, await guest.CallAsync("fd_write", fd, WriteVectorAt, 1, CountAt + 4).WaitAsync(Patience));
        Assert.Equal(Errno.None, await read.WaitAsync(Patience));
        Assert.Equal("text"u8, guest.Memory.GetSpan(ReadAt, guest.Memory.Read<int>(CountAt)));
    }
}
