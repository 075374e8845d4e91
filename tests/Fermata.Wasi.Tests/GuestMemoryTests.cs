namespace Fermata.Wasi.Tests;

/// <summary>What a function of WASI makes of pointers into the memory of a program, and out of it.</summary>
public sealed class GuestMemoryTests
{
    private const int End = 65536;

    [Theory]
    [InlineData("random_get", End, 1)]
    [InlineData("random_get", 0, End + 1)]
    [InlineData("random_get", 8, -1)]
    [InlineData("random_get", -1, 1)]
    [InlineData("args_get", End - 2, 0)]
    [InlineData("args_sizes_get", 0, End - 3)]
    [InlineData("fd_fdstat_get", 0, End - 23)]
    public async Task What_is_not_there_is_a_trap(string function, int first, int second)
    {
        await using var guest = await ForwardingGuest.CreateAsync(new WasiBuilder());
        var trap = await Assert.ThrowsAsync<MemoryTrapException>(() => guest.CallAsync(function, first, second));
        Assert.Equal(TrapKind.OutOfBoundsMemoryAccess, trap.Kind);
        Assert.StartsWith("out of bounds memory access by a function of the host: ", trap.Message, StringComparison.Ordinal);
        Assert.Contains("where the memory has 65536", trap.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("random_get", End, 0)]
    [InlineData("random_get", End - 1, 1)]
    [InlineData("random_get", 0, End)]
    [InlineData("fd_fdstat_get", 0, End - 24)]
    public async Task What_is_there_to_the_last_byte_is_not(string function, int first, int second)
    {
        await using var guest = await ForwardingGuest.CreateAsync(new WasiBuilder());
        Assert.Equal(Errno.None, await guest.CallAsync(function, first, second));
    }
}
