namespace Fermata.Platform.Tests;

public sealed class ResultTests
{
    [Fact]
    public void AValueIsNoError()
    {
        Result<int> result = 3;
        Assert.True(result.TryGet(out var value));
        Assert.Equal((3, 3, Errno.None, "3"), (value, result.Value, result.Error, result.ToString()));
    }

    [Fact]
    public void AnErrorHasNoValue()
    {
        Result<int> result = Errno.ENOENT;
        Assert.False(result.TryGet(out _));
        Assert.Contains("ENOENT", Assert.Throws<InvalidOperationException>(() => result.Value).Message);
        Assert.Equal((Errno.ENOENT, "ENOENT"), (result.Error, result.ToString()));
    }

    [Fact]
    public void NoErrorIsNoReason() => Assert.Throws<ArgumentException>(() => (Result<int>)Errno.None);
}
