namespace Fermata.Wasi.Tests;

/// <summary>What the host is told of faults of its own file systems; what programs are told is in <c>faults.c</c>.</summary>
public sealed class FaultTests
{
    [Fact]
    public async Task All_that_is_open_is_closed_at_the_end_and_the_host_told_what_failed()
    {
        var files = new FaultyFileSystem();
        var guest = await ForwardingGuest.CreateAsync(new WasiBuilder().WithDirectory("/", files));
        for (var i = 0; i < 3; i++)
            await guest.OpenAsync("file");
        var fault = await Assert.ThrowsAsync<FaultException>(() => guest.DisposeAsync().AsTask());
        Assert.Equal("A fault of the test.", fault.Message);
        Assert.Equal(3, files.ClosedFiles);
    }
}
