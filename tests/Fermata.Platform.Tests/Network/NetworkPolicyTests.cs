using System.Net;
using System.Net.Sockets;
using Fermata.Platform.Network;

namespace Fermata.Platform.Tests.Network;

public sealed class NetworkPolicyTests
{
    [Fact]
    public async Task NothingIsAllowedThatWasNotSaid()
    {
        var access = new NetworkAccess(new NetworkPolicy());
        Assert.False(MayConnect(access, "93.184.215.14:80"));
        Assert.False(MayListen(access, "127.0.0.1:0"));
        Assert.Equal(Errno.EACCES, (await access.ResolveAsync("example.com", default)).Error);
    }

    [Theory]
    [InlineData("10.0.0.1", 80, "10.0.0.1:80", true)]
    [InlineData("10.0.0.1", 80, "10.0.0.1:81", false)]
    [InlineData("10.0.0.1", 80, "10.0.0.2:80", false)]
    [InlineData("10.0.0.1", null, "10.0.0.1:81", true)]
    [InlineData("10.0.0.1", null, "[::ffff:10.0.0.1]:81", true)]
    [InlineData("10.0.0.0/8", 80, "10.255.1.2:80", true)]
    [InlineData("10.0.0.0/8", 80, "11.0.0.0:80", false)]
    [InlineData("10.0.0.0/8", 80, "[::1]:80", false)]
    [InlineData("::1", 80, "[::1]:80", true)]
    [InlineData("::1", 80, "[::]:80", true)]
    [InlineData("fd00::/8", 80, "[fd12::1]:80", true)]
    [InlineData("127.0.0.1", 80, "0.0.0.0:80", true)]
    [InlineData("0.0.0.0", 80, "0.0.0.0:80", false)]
    [InlineData("example.com", 80, "93.184.215.14:80", false)]
    [InlineData("*", 80, "169.254.169.254:80", true)]
    [InlineData("*", 80, "169.254.169.254:81", false)]
    public void AConnectionIsAllowedByItsAddressAndPort(string host, int? port, string target, bool isAllowed) =>
        Assert.Equal(isAllowed, MayConnect(new NetworkAccess(new NetworkPolicy().AllowConnect(host, port)), target));

    [Fact]
    public void EachProtocolIsAllowedForItself()
    {
        var access = new NetworkAccess(new NetworkPolicy().AllowConnect("*", 53, TransportProtocols.Udp).AllowListen("*", 53, TransportProtocols.Tcp));
        Assert.False(MayConnect(access, "1.1.1.1:53"));
        Assert.True(MayConnect(access, "1.1.1.1:53", TransportProtocols.Udp));
        Assert.True(MayListen(access, "127.0.0.1:53"));
        Assert.False(MayListen(access, "127.0.0.1:53", TransportProtocols.Udp));
    }

    [Theory]
    [InlineData("127.0.0.1", 8080, "127.0.0.1:8080", true)]
    [InlineData("127.0.0.1", 8080, "127.0.0.1:0", false)]
    [InlineData("127.0.0.1", null, "127.0.0.1:0", true)]
    [InlineData("127.0.0.1", 8080, "0.0.0.0:8080", false)]
    [InlineData("0.0.0.0", 8080, "0.0.0.0:8080", true)]
    [InlineData("*", null, "[::]:8080", true)]
    public void ListeningIsAllowedByTheAddressOfThisMachine(string address, int? port, string target, bool isAllowed) =>
        Assert.Equal(isAllowed, MayListen(new NetworkAccess(new NetworkPolicy().AllowListen(address, port)), target));

    [Theory]
    [InlineData("example.com", "example.com", true)]
    [InlineData("example.com", "EXAMPLE.com.", true)]
    [InlineData("Example.com.", "example.com", true)]
    [InlineData("example.com", "www.example.com", false)]
    [InlineData("example.com", "badexample.com", false)]
    [InlineData("*.example.com", "a.b.example.com", true)]
    [InlineData("*.example.com", "example.com", false)]
    [InlineData("*.example.com", "badexample.com", false)]
    [InlineData("bücher.example", "xn--bcher-kva.example", true)]
    [InlineData("*", "example.com", true)]
    [InlineData("10.0.0.0/8", "example.com", false)]
    public async Task ANameIsResolvedIfItMayBeOrMayBeConnectedTo(string pattern, string name, bool isAllowed)
    {
        var policy = WithAddresses(new NetworkPolicy().AllowConnect(pattern), "93.184.215.14");
        Assert.Equal(isAllowed ? Errno.None : Errno.EACCES, (await new NetworkAccess(policy).ResolveAsync(name, default)).Error);
        if (pattern.StartsWith("10", StringComparison.Ordinal))
            return;
        policy = WithAddresses(new NetworkPolicy().AllowResolve(pattern), "93.184.215.14");
        Assert.Equal(isAllowed ? Errno.None : Errno.EACCES, (await new NetworkAccess(policy).ResolveAsync(name, default)).Error);
    }

    [Fact]
    public async Task ANameAllowsTheAddressesToWhichItWasResolvedForThisProgram()
    {
        var policy = WithAddresses(new NetworkPolicy().AllowConnect("example.com", 443), "93.184.215.14", "2606:2800:21f::1");
        var (access, other) = (new NetworkAccess(policy), new NetworkAccess(policy));
        Assert.False(MayConnect(access, "93.184.215.14:443"));
        Assert.Equal(2, (await access.ResolveAsync("example.com", default)).Value.Length);
        Assert.True(MayConnect(access, "93.184.215.14:443"));
        Assert.True(MayConnect(access, "[2606:2800:21f::1]:443"));
        Assert.False(MayConnect(access, "93.184.215.14:80"));
        Assert.False(MayConnect(access, "93.184.215.15:443"));
        Assert.False(MayConnect(other, "93.184.215.14:443"));
    }

    [Fact]
    public async Task ANameThatMayOnlyBeResolvedAllowsNoConnection()
    {
        var access = new NetworkAccess(WithAddresses(new NetworkPolicy().AllowResolve("example.com"), "93.184.215.14"));
        Assert.Equal(Errno.None, (await access.ResolveAsync("example.com", default)).Error);
        Assert.False(MayConnect(access, "93.184.215.14:80"));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("169.254.169.254")]
    [InlineData("10.1.2.3")]
    [InlineData("192.168.0.1")]
    [InlineData("172.31.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("2002:7f00:1::")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    public async Task WhoAnswersForANameCannotOpenTheWayToAddressesOfOnesOwn(string address)
    {
        var target = new IPEndPoint(IPAddress.Parse(address), 80).ToString();
        var policy = WithAddresses(new NetworkPolicy().AllowConnect("example.com"), address);
        var access = new NetworkAccess(policy);
        Assert.Equal(Errno.None, (await access.ResolveAsync("example.com", default)).Error);
        Assert.False(MayConnect(access, target));

        // Unless the host allows them, all of them here.
        policy.AllowConnect("0.0.0.0/0").AllowConnect("::/0");
        Assert.True(MayConnect(access, target));
    }

    [Fact]
    public async Task LocalhostAllowsThisMachine()
    {
        var access = new NetworkAccess(WithAddresses(new NetworkPolicy().AllowConnect("localhost", 80), "127.0.0.1", "::1", "10.0.0.1"));
        await access.ResolveAsync("localhost", default);
        Assert.True(MayConnect(access, "127.0.0.1:80"));
        Assert.True(MayConnect(access, "[::1]:80"));
        Assert.False(MayConnect(access, "10.0.0.1:80"));
    }

    [Fact]
    public async Task AnAddressIsNoName()
    {
        var access = new NetworkAccess(new NetworkPolicy().AllowConnect("example.com").WithResolver((_, _) => throw new InvalidOperationException("Nothing is to be resolved.")));
        Assert.Equal([IPAddress.Loopback], (await access.ResolveAsync("127.0.0.1", default)).Value);
        Assert.False(MayConnect(access, "127.0.0.1:80"));
    }

    [Fact]
    public async Task AResolverTellsWhyItCannot()
    {
        var policy = new NetworkPolicy().AllowAll().WithResolver((name, _) => throw new SocketException((int)(name == "later" ? SocketError.TryAgain : SocketError.HostNotFound)));
        var access = new NetworkAccess(policy);
        Assert.Equal(Errno.EAGAIN, (await access.ResolveAsync("later", default)).Error);
        Assert.Equal(Errno.ENOENT, (await access.ResolveAsync("never", default)).Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://example.com")]
    [InlineData("example.com:80")]
    [InlineData("*.*.com")]
    [InlineData("10.0.0.0/33")]
    public void WhatIsNoHostIsRefused(string host) => Assert.ThrowsAny<ArgumentException>(() => new NetworkPolicy().AllowConnect(host));

    [Fact]
    public void ARuleThatCannotMeanAnythingIsRefused()
    {
        Assert.Contains("is a name", Assert.Throws<ArgumentException>(() => new NetworkPolicy().AllowListen("example.com")).Message, StringComparison.Ordinal);
        Assert.Contains("is an address", Assert.Throws<ArgumentException>(() => new NetworkPolicy().AllowResolve("10.0.0.1")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new NetworkPolicy().AllowConnect("*", 65_536));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NetworkPolicy().AllowListen("*", -1));
    }

    private static bool MayConnect(NetworkAccess access, string target, TransportProtocols protocol = TransportProtocols.Tcp) =>
        access.MayConnect(IPEndPoint.Parse(target), protocol);

    private static bool MayListen(NetworkAccess access, string target, TransportProtocols protocol = TransportProtocols.Tcp) =>
        access.MayListen(IPEndPoint.Parse(target), protocol);

    private static NetworkPolicy WithAddresses(NetworkPolicy policy, params string[] addresses) =>
        policy.WithResolver((_, _) => new(Array.ConvertAll(addresses, IPAddress.Parse)));
}
