using System.Net;
using System.Net.Sockets;
using System.Text;
using Fermata.Platform.Network;

namespace Fermata.Emscripten.Tests;

public sealed class NameTests
{
    private const int NodeAt = 512, ServiceAt = 640, HintsAt = 768, ResultAt = 900;

    private const int NoName = -2, TryAgain = -3, Failed = -4, Family = -6, SocketType = -7, Service = -8, NoMemory = -10, Overflow = -12;

    private const int Passive = 1, CanonicalName = 2, NumericHost = 4, NumericService = 1024;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AHostHasAddresses(bool suspendsEverywhere)
    {
        await using var guest = await ForwardingGuest.StartAsync(Host(), suspendsEverywhere);
        Assert.Equal(0, await LookUpAsync(guest, "both.example", "https", flags: CanonicalName, type: ForwardingGuest.Stream));
        Assert.Equal([new IPEndPoint(IPAddress.Parse("192.0.2.1"), 443), new IPEndPoint(IPAddress.Parse("2001:db8::1"), 443)], Addresses(guest));
        var name = guest.Memory.Read<int>(guest.Memory.Read<int>(ResultAt) + 24);
        Assert.Equal("both.example\0", Encoding.UTF8.GetString(guest.Memory.GetSpan(name, 13)));
        Assert.Equal(0, await LookUpAsync(guest, "both.example", "8080", ForwardingGuest.Inet6));
        Assert.Equal([new IPEndPoint(IPAddress.Parse("2001:db8::1"), 8080)], Addresses(guest));
    }

    /// <summary>Emscripten's <c>freeaddrinfo</c> frees the first entry and its address.</summary>
    [Fact]
    public async Task AListIsTwoBlocksOfMemory()
    {
        await using var guest = await ForwardingGuest.StartAsync(Host());
        Assert.Equal(0, await LookUpAsync(guest, "both.example", null));
        var first = guest.Memory.Read<int>(ResultAt);
        var (block, second) = (guest.Memory.Read<int>(first + 20), guest.Memory.Read<int>(first + 28));
        Assert.InRange(second, block + 28, block + 60);
        Assert.InRange(guest.Memory.Read<int>(second + 20), second + 32, second + 32);
    }

    [Theory]
    [InlineData("127.0.0.1", "80", 0, 0, 0, 0, "127.0.0.1:80")]
    [InlineData("::1", null, 0, 0, 0, 0, "[::1]:0")]
    [InlineData(null, "1", 0, 0, 0, 0, "127.0.0.1:1")]
    [InlineData(null, "1", Passive, 0, 0, 0, "0.0.0.0:1")]
    [InlineData(null, "1", Passive, ForwardingGuest.Inet6, 0, 0, "[::]:1")]
    [InlineData("127.0.0.1", "http", NumericService, 0, 0, NoName, null)]
    [InlineData("127.0.0.1", "no-service", 0, 0, 0, Service, null)]
    [InlineData("127.0.0.1", "65536", 0, 0, 0, Service, null)]
    [InlineData("127.0.0.1", null, 0, ForwardingGuest.Inet6, 0, NoName, null)]
    [InlineData("127.0.0.1", null, 0, 1, 0, Family, null)]
    [InlineData("127.0.0.1", null, 0, 0, 5, SocketType, null)]
    [InlineData("both.example", null, NumericHost, 0, 0, NoName, null)]
    [InlineData("both.example", null, 0, 0, 0, Failed, null)]
    [InlineData(null, null, 0, 0, 0, NoName, null)]
    public async Task AddressesNeedNoNetwork(string? node, string? service, int flags, int family, int type, int expected, string? address)
    {
        await using var guest = await ForwardingGuest.StartAsync();
        Assert.Equal(expected, await LookUpAsync(guest, node, service, family, flags, type));
        if (address is not null)
            Assert.Equal([IPEndPoint.Parse(address)], Addresses(guest));
    }

    [Theory]
    [InlineData("none.example", NoName)]
    [InlineData("later.example", TryAgain)]
    [InlineData("broken.example", Failed)]
    [InlineData("refused.test", Failed)]
    [InlineData("", NoName)]
    public async Task WhatIsWrongIsTold(string name, int expected)
    {
        await using var guest = await ForwardingGuest.StartAsync(Host());
        Assert.Equal(expected, await LookUpAsync(guest, name, null));
    }

    [Fact]
    public async Task WithoutMemoryThereIsNoList()
    {
        await using var guest = await ForwardingGuest.StartAsync();
        Assert.NotEqual(0, await guest.CallAsync("malloc", 65530));
        Assert.Equal(NoMemory, await LookUpAsync(guest, "127.0.0.1", null));
        guest.Memory.WriteUtf8(NodeAt, "tcp\0");
        Assert.Equal(0, await guest.CallAsync("getprotobyname", NodeAt));
    }

    [Fact]
    public async Task ANameHasOneAddress()
    {
        await using var guest = await ForwardingGuest.StartAsync(Host());
        guest.Memory.WriteUtf8(NodeAt, "both.example\0");
        Assert.Equal(0x010200c0, await guest.CallAsync("_emscripten_lookup_name", NodeAt));
        guest.Memory.WriteUtf8(NodeAt, "none.example\0");
        Assert.Equal(-1, await guest.CallAsync("_emscripten_lookup_name", NodeAt));
    }

    [Fact]
    public async Task AddressesAreWrittenAsTexts()
    {
        await using var guest = await ForwardingGuest.StartAsync();
        var (address, length) = guest.WriteAddress(IPEndPoint.Parse("[::1]:8080"));
        Assert.Equal(0, await guest.CallAsync("getnameinfo", address, length, NodeAt, 4, ServiceAt, 5, 0));
        Assert.Equal("::1\0", Encoding.UTF8.GetString(guest.Memory.GetSpan(NodeAt, 4)));
        Assert.Equal("8080\0", Encoding.UTF8.GetString(guest.Memory.GetSpan(ServiceAt, 5)));
        Assert.Equal(Overflow, await guest.CallAsync("getnameinfo", address, length, NodeAt, 3, ServiceAt, 5, 0));
        Assert.Equal("::\0", Encoding.UTF8.GetString(guest.Memory.GetSpan(NodeAt, 3)));
        const int nameRequired = 8;
        Assert.Equal(NoName, await guest.CallAsync("getnameinfo", address, length, NodeAt, 40, 0, 0, nameRequired));
        Assert.Equal(Family, await guest.CallAsync("getnameinfo", address, 3, NodeAt, 40, 0, 0, 0));

        // Longer than any text, also where the memory is not.
        Assert.Equal(0, await guest.CallAsync("getnameinfo", address, length, NodeAt, -1, 0, 0, 0));
    }

    [Fact]
    public async Task ProtocolsAreToldOnce()
    {
        await using var guest = await ForwardingGuest.StartAsync();
        guest.Memory.WriteUtf8(NodeAt, "udp\0");
        var entry = await guest.CallAsync("getprotobyname", NodeAt);
        Assert.Equal(entry, await guest.CallAsync("getprotobynumber", 17));
        var (name, aliases) = (guest.Memory.Read<int>(entry), guest.Memory.Read<int>(entry + 4));
        Assert.Equal("udp\0", Encoding.UTF8.GetString(guest.Memory.GetSpan(name, 4)));
        Assert.Equal("UDP\0", Encoding.UTF8.GetString(guest.Memory.GetSpan(guest.Memory.Read<int>(aliases), 4)));
        Assert.Equal((0, 17), (guest.Memory.Read<int>(aliases + 4), guest.Memory.Read<int>(entry + 8)));
        Assert.Equal(0, await guest.CallAsync("getprotobynumber", 1));
    }

    private static EmscriptenHost Host() => new EmscriptenHost().WithNetwork(new NetworkPolicy().AllowResolve("*.example").WithResolver(async (name, _) =>
    {
        await Task.Yield();
        return name switch
        {
            "both.example" => [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1")],
            "none.example" => throw new SocketException((int)SocketError.HostNotFound),
            "later.example" => throw new SocketException((int)SocketError.TryAgain),
            _ => throw new InvalidOperationException("The resolver is broken."),
        };
    }));

    private static Task<int> LookUpAsync(ForwardingGuest guest, string? node, string? service, int family = 0, int flags = 0, int type = 0)
    {
        guest.Memory.WriteUtf8(NodeAt, $"{node}\0");
        guest.Memory.WriteUtf8(ServiceAt, $"{service}\0");
        guest.Memory.GetSpan(HintsAt, 32).Clear();
        guest.Memory.Write(HintsAt, flags);
        guest.Memory.Write(HintsAt + 4, family);
        guest.Memory.Write(HintsAt + 8, type);
        return guest.CallAsync("getaddrinfo", node is null ? 0 : NodeAt, service is null ? 0 : ServiceAt, HintsAt, ResultAt);
    }

    private static List<IPEndPoint> Addresses(ForwardingGuest guest)
    {
        var addresses = new List<IPEndPoint>();
        for (var entry = guest.Memory.Read<int>(ResultAt); entry != 0; entry = guest.Memory.Read<int>(entry + 28))
        {
            Assert.Equal((ForwardingGuest.Stream, 6), (guest.Memory.Read<int>(entry + 8), guest.Memory.Read<int>(entry + 12)));
            addresses.Add(guest.ReadAddress(guest.Memory.Read<int>(entry + 20), guest.Memory.Read<int>(entry + 16)));
        }

        return addresses;
    }
}
