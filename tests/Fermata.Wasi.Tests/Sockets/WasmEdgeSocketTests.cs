using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fermata.Platform.Network;

namespace Fermata.Wasi.Tests;

/// <summary>Sockets that programs make themselves, as those for WasmEdge do, and what the policy of the network says to it.</summary>
public sealed class WasmEdgeSocketTests
{
    private const int Inet4 = 1;
    private const int Inet6 = 2;
    private const int Datagram = 1;
    private const int Stream = 2;
    private const int Nonblock = 4;

    [Fact]
    public async Task WithoutANetworkThereAreNoSockets()
    {
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder());
        Assert.Equal(Errno.EACCES, await guest.CallAsync("sock_open", Inet4, Stream, 0));
        Assert.Equal((int)Errno.EACCES, (await ResolveAsync(guest, "localhost", "80")).Error);
    }

    [Fact]
    public async Task AProgramConnectsWhereItMay()
    {
        using var listener = SocketPair.Listen();
        using var other = SocketPair.Listen();
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithNetwork(new NetworkPolicy().AllowConnect("127.0.0.1", PortOf(listener))));
        var fd = await OpenAsync(guest, Inet4, Stream);
        Assert.Equal(Errno.EACCES, await ConnectAsync(guest, fd, "127.0.0.1", PortOf(other)));
        Assert.Equal(Errno.EACCES, await ConnectAsync(guest, fd, "127.0.0.2", PortOf(listener)));
        Assert.Equal(Errno.None, await ConnectAsync(guest, fd, "127.0.0.1", PortOf(listener)));
        Assert.Equal(Errno.EISCONN, await ConnectAsync(guest, fd, "127.0.0.1", PortOf(listener)));
        using var connection = await listener.AcceptAsync();
        Assert.Equal((Errno.None, 5), await guest.SendAsync(fd, "hello"));
        var buffer = new byte[5];
        Assert.Equal(5, await connection.ReceiveAsync(buffer));
        Assert.Equal((Errno.None, IPEndPoint.Parse($"{listener.LocalEndPoint}")), await GetAddressAsync(guest, "sock_getpeeraddr", fd));
        Assert.Equal((Errno.None, IPEndPoint.Parse($"{connection.RemoteEndPoint}")), await GetAddressAsync(guest, "sock_getlocaladdr", fd));
        Assert.Equal(Errno.None, await guest.CallAsync("fd_close", fd));
        Assert.Equal(0, await connection.ReceiveAsync(buffer));
    }

    [Fact]
    public async Task AConnectionIsMadeWithoutWaiting()
    {
        using var listener = SocketPair.Listen();
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithNetwork(new NetworkPolicy().AllowConnect("127.0.0.1")));
        var fd = await OpenAsync(guest, Inet4, Stream);
        await guest.CallAsync("fd_fdstat_set_flags", fd, Nonblock);
        Assert.Equal(Errno.EINPROGRESS, await ConnectAsync(guest, fd, "127.0.0.1", PortOf(listener)));
        Assert.Equal(~fd, Assert.Single(await guest.PollAsync([~fd])).UserData);
        Assert.Equal((Errno.None, 0), await GetOptionAsync(guest, fd, 2));
        Assert.Equal((Errno.None, 5), await guest.SendAsync(fd, "hello"));
    }

    [Fact]
    public async Task AConnectionThatIsRefusedSaysSo()
    {
        // Bound, so that nobody else listens there.
        using var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = PortOf(bound);
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithNetwork(new NetworkPolicy().AllowConnect("127.0.0.1")));
        Assert.Equal(Errno.ECONNREFUSED, await ConnectAsync(guest, await OpenAsync(guest, Inet4, Stream), "127.0.0.1", port));
        var fd = await OpenAsync(guest, Inet4, Stream);
        await guest.CallAsync("fd_fdstat_set_flags", fd, Nonblock);
        Assert.Equal(Errno.EINPROGRESS, await ConnectAsync(guest, fd, "127.0.0.1", port));
        Assert.True(Assert.Single(await guest.PollAsync([~fd])).IsHungUp);
        Assert.Equal((Errno.None, (int)Errno.ECONNREFUSED), await GetOptionAsync(guest, fd, 2));
        Assert.Equal((Errno.None, 0), await GetOptionAsync(guest, fd, 2));
    }

    [Fact]
    public async Task AProgramListensWhereItMay()
    {
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithNetwork(new NetworkPolicy().AllowListen("127.0.0.1")));
        var fd = await OpenAsync(guest, Inet4, Stream);
        Assert.Equal(Errno.EACCES, await BindAsync(guest, fd, "0.0.0.0", 0));
        Assert.Equal(Errno.EACCES, await guest.CallAsync("sock_listen", fd, 10));
        Assert.Equal(Errno.None, await BindAsync(guest, fd, "127.0.0.1", 0));
        Assert.Equal(Errno.EINVAL, (await guest.AcceptAsync(fd)).Error);
        Assert.Equal((Errno.None, 0), await GetOptionAsync(guest, fd, 13));
        Assert.Equal(Errno.None, await guest.CallAsync("sock_listen", fd, 10));
        Assert.Equal((Errno.None, 1), await GetOptionAsync(guest, fd, 13));
        using var client = new TcpClient();
        await client.ConnectAsync((await GetAddressAsync(guest, "sock_getlocaladdr", fd)).Address!);
        var (error, accepted) = await guest.AcceptAsync(fd);
        Assert.Equal(Errno.None, error);
        Assert.Equal((Errno.None, 2), await guest.SendAsync(accepted, "hi"));
        var buffer = new byte[2];
        await client.GetStream().ReadExactlyAsync(buffer);
    }

    [Fact]
    public async Task DatagramsGoWhereTheyMayAndTellWhereTheyComeFrom()
    {
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        peer.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var guest = await ImportGuest.StartAsync(
            new WasiBuilder().WithNetwork(new NetworkPolicy().AllowConnect("127.0.0.1", PortOf(peer), TransportProtocols.Udp)));
        var fd = await OpenAsync(guest, Inet4, Datagram);
        Assert.Equal(Errno.EACCES, await SendToAsync(guest, fd, "hello", 1));
        Assert.Equal(Errno.None, await SendToAsync(guest, fd, "hello", PortOf(peer)));
        var received = await peer.ReceiveFromAsync(new byte[10], new IPEndPoint(IPAddress.Any, 0));
        Assert.Equal(5, received.ReceivedBytes);
        await peer.SendToAsync("world"u8.ToArray(), received.RemoteEndPoint);

        guest.Memory.Write(1024, 1040);
        guest.Memory.Write(1028, 100);
        guest.Memory.Write(1200, 1216);
        guest.Memory.Write(1204, 128);
        Assert.Equal(Errno.None, await guest.CallAsync("sock_recv_from", fd, 1024, 1, 1200, 0, 1208, 1032, 1036));
        Assert.Equal("world", Encoding.UTF8.GetString(guest.Memory.GetSpan(1040, guest.Memory.Read<int>(1032))));
        Assert.Equal(PortOf(peer), guest.Memory.Read<int>(1208));
        Assert.Equal([Inet4, 0, 127, 0, 0, 1], guest.Memory.GetSpan(1216, 6).ToArray());
    }

    [Fact]
    public async Task ANameIsResolvedAndThenConnectedTo()
    {
        using var listener = SocketPair.Listen();
        var policy = new NetworkPolicy().AllowConnect("localhost", PortOf(listener))
            .WithResolver((name, _) => name == "localhost" ? new([IPAddress.IPv6Loopback, IPAddress.Loopback]) : throw new InvalidOperationException(name));
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithNetwork(policy));
        Assert.Equal(Errno.EACCES, await ConnectAsync(guest, await OpenAsync(guest, Inet4, Stream), "127.0.0.1", PortOf(listener)));
        Assert.Equal((int)Errno.EACCES, (await ResolveAsync(guest, "example.com", "80")).Error);
        var (error, addresses) = await ResolveAsync(guest, "localhost", PortOf(listener).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(0, error);
        Assert.Equal([new IPEndPoint(IPAddress.IPv6Loopback, PortOf(listener)), new IPEndPoint(IPAddress.Loopback, PortOf(listener))], addresses);
        Assert.Equal([new IPEndPoint(IPAddress.Loopback, 443)], (await ResolveAsync(guest, "localhost\0", "https\0", Inet4)).Addresses);
        Assert.Equal(Errno.None, await ConnectAsync(guest, await OpenAsync(guest, Inet4, Stream), "127.0.0.1", PortOf(listener)));
    }

    [Fact]
    public async Task ADialerMakesConnections()
    {
        using var pair = await SocketPair.ConnectAsync();
        IPEndPoint? dialed = null;
        var policy = new NetworkPolicy().AllowConnect("198.51.100.7", 80).WithDialer((address, _) =>
        {
            dialed = address;
            return new(pair.Guest);
        });
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithNetwork(policy));
        var fd = await OpenAsync(guest, Inet4, Stream);
        Assert.Equal(Errno.EACCES, await ConnectAsync(guest, fd, "198.51.100.8", 80));
        Assert.Null(dialed);
        Assert.Equal(Errno.None, await ConnectAsync(guest, fd, "198.51.100.7", 80));
        Assert.Equal(IPEndPoint.Parse("198.51.100.7:80"), dialed);
        await pair.SendAsync("hello");
        Assert.Equal((Errno.None, "hello"), await guest.ReceiveAsync(fd, 100));
    }

    [Fact]
    public async Task OptionsAreReadAndSet()
    {
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithNetwork(new NetworkPolicy()));
        var fd = await OpenAsync(guest, Inet6, Stream);
        Assert.Equal((Errno.None, Stream), await GetOptionAsync(guest, fd, 1));
        Assert.Equal((Errno.None, 0), await GetOptionAsync(guest, fd, 7));
        guest.Memory.Write(256, 1);
        Assert.Equal(Errno.None, await guest.CallAsync("sock_setsockopt", fd, 0, 7, 256, 4));
        Assert.Equal(1, (await GetOptionAsync(guest, fd, 7)).Value);
        Assert.Equal(Errno.ENOPROTOOPT, (await GetOptionAsync(guest, fd, 14)).Error);
        Assert.Equal(Errno.ENOTSOCK, (await GetOptionAsync(guest, 1, 1)).Error);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AcceptIsWhatTheModuleImports(int parameters)
    {
        using var listener = SocketPair.Listen();
        using var client = await SocketPair.ConnectToAsync(listener);
        var program = new WasiProgram(Module.Parse(new Engine(), $"""
            (module
              (import "wasi_snapshot_preview1" "sock_accept" (func $sock_accept (param{string.Concat(Enumerable.Repeat(" i32", parameters))}) (result i32)))
              (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
              (memory (export "memory") 1)
              (func (export "_start")
                (if (call $sock_accept (i32.const 3) {(parameters == 3 ? "(i32.const 0)" : "")} (i32.const 8)) (then unreachable))
                (call $proc_exit (i32.load (i32.const 8)))))
            """));
        Assert.Equal(4, await program.RunAsync(new WasiBuilder().WithListener(listener)));
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static async Task<int> OpenAsync(ImportGuest guest, int family, int type)
    {
        Assert.Equal(Errno.None, await guest.CallAsync("sock_open", family, type, 256));
        return guest.Memory.Read<int>(256);
    }

    private static Task<Errno> ConnectAsync(ImportGuest guest, int fd, string address, int port) => guest.CallAsync("sock_connect", fd, WriteAddress(guest, address), port);

    private static Task<Errno> BindAsync(ImportGuest guest, int fd, string address, int port) => guest.CallAsync("sock_bind", fd, WriteAddress(guest, address), port);

    private static Task<Errno> SendToAsync(ImportGuest guest, int fd, string text, int port)
    {
        guest.Memory.Write(1024, 1040);
        guest.Memory.Write(1028, Encoding.UTF8.GetByteCount(text));
        guest.Memory.WriteUtf8(1040, text);
        return guest.CallAsync("sock_send_to", fd, 1024, 1, WriteAddress(guest, "127.0.0.1"), port, 0, 1032);
    }

    private static async Task<(Errno Error, int Value)> GetOptionAsync(ImportGuest guest, int fd, int option)
    {
        guest.Memory.Write(260, 4);
        return (await guest.CallAsync("sock_getsockopt", fd, 0, option, 256, 260), guest.Memory.Read<int>(256));
    }

    private static async Task<(Errno Error, IPEndPoint? Address)> GetAddressAsync(ImportGuest guest, string function, int fd)
    {
        guest.Memory.Write(300, 320);
        guest.Memory.Write(304, 16);
        var error = await guest.CallAsync(function, fd, 300, 308, 312);
        if (error != Errno.None)
            return (error, null);
        var length = guest.Memory.Read<int>(308) == 4 ? 4 : 16;
        return (error, new IPEndPoint(new IPAddress(guest.Memory.GetSpan(320, length)), guest.Memory.Read<int>(312)));
    }

    private static int WriteAddress(ImportGuest guest, string address)
    {
        var bytes = IPAddress.Parse(address).GetAddressBytes();
        guest.Memory.Write(400, 408);
        guest.Memory.Write(404, bytes.Length);
        bytes.CopyTo(guest.Memory.GetSpan(408, bytes.Length));
        return 400;
    }

    /// <summary>Resolves a name into a list of three entries, from 4096 on: 28 bytes of the entry, 12 of the address, and 26 of its data.</summary>
    private static async Task<(int Error, List<IPEndPoint> Addresses)> ResolveAsync(ImportGuest guest, string name, string service, byte family = 0)
    {
        const int Entries = 3, Size = 80;
        var memory = guest.Memory;
        for (var entry = 4096; entry < 4096 + Entries * Size; entry += Size)
        {
            memory.GetSpan(entry, Size).Clear();
            memory.Write(entry + 12, entry + 28);
            memory.Write(entry + 24, entry + Size < 4096 + Entries * Size ? entry + Size : 0);
            memory.Write(entry + 32, 26);
            memory.Write(entry + 36, entry + 48);
        }

        memory.Write(3000, 4096);
        memory.GetSpan(3008, 28).Clear();
        memory.Write(3010, family);
        memory.WriteUtf8(3100, name);
        memory.WriteUtf8(3200, service);
        var error = (int)await guest.CallAsync("sock_getaddrinfo", 3100, name.Length, 3200, service.Length, 3008, 3000, Entries, 3004);
        var addresses = new List<IPEndPoint>();
        for (var i = 0; error == 0 && i < memory.Read<int>(3004); i++)
        {
            var isFour = memory.Read<byte>(4096 + i * Size + 28) == Inet4;
            var data = memory.GetSpan(4096 + i * Size + 48, 26);
            addresses.Add(new IPEndPoint(new IPAddress(isFour ? data.Slice(2, 4) : data.Slice(6, 16)), BinaryPrimitives.ReadUInt16BigEndian(data)));
        }

        return (error, addresses);
    }
}
