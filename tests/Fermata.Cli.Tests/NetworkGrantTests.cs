using Fermata.Platform.Network;

namespace Fermata.Cli.Tests;

/// <summary><c>fermata run --net</c>.</summary>
public sealed class NetworkGrantTests
{
    [Theory]
    [InlineData("example.com:443")]
    [InlineData("example.com")]
    [InlineData("example.com:*")]
    [InlineData("*.example.com:443")]
    [InlineData("*")]
    [InlineData("*:80")]
    [InlineData("10.0.0.0/8:80")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    [InlineData("[::1]:80")]
    [InlineData("fd00::/8")]
    public void Hosts_are_allowed(string text) => Assert.True(NetworkGrant.TryAllow(new NetworkPolicy(), text));

    [Theory]
    [InlineData("")]
    [InlineData(":80")]
    [InlineData("example.com:")]
    [InlineData("example.com:-1")]
    [InlineData("example.com:65536")]
    [InlineData("[::1]:")]
    [InlineData("[::1")]
    public void Other_texts_are_not(string text) => Assert.False(NetworkGrant.TryAllow(new NetworkPolicy(), text));
}
