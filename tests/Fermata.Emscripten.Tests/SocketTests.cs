using System.Net;
using System.Net.Sockets;
using System.Text;
using Fermata.Emscripten.Abi;
using Fermata.Platform.Network;

namespace Fermata.Emscripten.Tests;

public sealed class SocketTests
{
    private const int WholeMessage = 0x100, Peek = 2, DontWait = 0x40;

    private static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EchoesOverAConnection(bool suspendsEverywhere)
    {
        using var listener = new TcpListener(AnyPort);
        listener.Start();
        await using var guest = await ForwardingGuest.StartAsync(Host(), suspendsEverywhere);
        var fd = await guest.SocketAsync();
        Assert.Equal(0, await guest.ConnectAsync(fd, (IPEndPoint)listener.LocalEndpoint));
        using var connection = await listener.AcceptTcpClientAsync();
        Assert.Equal(listener.LocalEndpoint, await guest.AddressAsync("__syscall_getpeername", fd));
        Assert.Equal(connection.Client.RemoteEndPoint, await guest.AddressAsync("__syscall_getsockname", fd));
        Assert.Equal(4, await guest.SendToAsync(fd, "ping"));
        var received = new byte[4];
        await connection.GetStream().ReadExactlyAsync(received);
        Assert.Equal("ping", Encoding.UTF8.GetString(received));
        var receiving = guest.ReceiveFromAsync(fd, 4, WholeMessage);
        Assert.Equal(1, guest.SuspendedCalls);
        await connection.GetStream().WriteAsync("pong"u8.ToArray());
        Assert.Equal((4, "pong", null), await receiving);

        // Descriptors are sockets for read and write, too.
        await guest.WriteAsync(fd, "more");
        await connection.GetStream().ReadExactlyAsync(received);
        Assert.Equal(0, await guest.CallAsync("__syscall_shutdown", fd, 1, 0, 0, 0, 0));
        Assert.Equal(0, await connection.GetStream().ReadAsync(received));
        connection.Close();
        Assert.Equal((Errno.None, ""), await guest.ReadAsync(fd));
    }

    [Fact]
    public async Task AcceptsConnections()
    {
        await using var guest = await ForwardingGuest.StartAsync(Host());
        var fd = await guest.SocketAsync(type: ForwardingGuest.Stream | ForwardingGuest.Nonblock);
        Assert.Equal(0, await guest.BindAsync(fd, AnyPort));
        Assert.Equal(0, await guest.CallAsync("__syscall_listen", fd, 5, 0, 0, 0, 0));
        Assert.Equal(Errno.EAGAIN, await guest.FailAsync("__syscall_accept4", fd, 0, 0, 0, 0, 0));
        var polling = guest.PollAsync(fd, PollEvents.In);
        using var client = new TcpClient(AddressFamily.InterNetwork);
        await client.ConnectAsync(await guest.AddressAsync("__syscall_getsockname", fd));
        Assert.Equal(PollEvents.In, await polling);
        guest.Memory.Write(512, 8);
        guest.Memory.Write(528, -1L);
        var accepted = await guest.CallAsync("__syscall_accept4", fd, 520, 512, 0, 0, 0);

        // What has no room is cut off, and the length is that of the whole.
        Assert.Equal(16, guest.Memory.Read<int>(512));
        Assert.Equal(ForwardingGuest.Inet4, guest.Memory.Read<short>(520));
        Assert.Equal(-1L, guest.Memory.Read<long>(528));
        Assert.Equal(client.Client.LocalEndPoint, await guest.AddressAsync("__syscall_getpeername", accepted));
        Assert.Equal(Errno.EINVAL, await guest.FailAsync("__syscall_accept4", fd, 0, 0, 1, 0, 0));
        Assert.Equal(Errno.EINVAL, await guest.FailAsync("__syscall_accept4", accepted, 0, 0, 0, 0, 0));
        Assert.Equal(Errno.ENOTSOCK, await guest.FailAsync("__syscall_accept4", 0, 0, 0, 0, 0, 0));
    }

    [Fact]
    public async Task AConnectionThatNobodyWaitsForIsTold()
    {
        using var listener = new TcpListener(AnyPort);
        listener.Start();
        await using var guest = await ForwardingGuest.StartAsync(Host());
        var fd = await guest.SocketAsync(type: ForwardingGuest.Stream | ForwardingGuest.Nonblock);
        Assert.Equal(-(int)Errno.EINPROGRESS, await guest.ConnectAsync(fd, (IPEndPoint)listener.LocalEndpoint));
        Assert.Equal(PollEvents.Out, await guest.PollAsync(fd, PollEvents.Out));
        Assert.Equal(0, await OptionAsync(guest, fd, 1, 4));

        // And one that is refused.
        listener.Stop();
        fd = await guest.SocketAsync(type: ForwardingGuest.Stream | ForwardingGuest.Nonblock);
        Assert.Equal(-(int)Errno.EINPROGRESS, await guest.ConnectAsync(fd, (IPEndPoint)listener.LocalEndpoint));
        Assert.Equal(PollEvents.Out | PollEvents.Error | PollEvents.HangUp, await guest.PollAsync(fd, PollEvents.Out));
        Assert.Equal((int)Errno.ECONNREFUSED, await OptionAsync(guest, fd, 1, 4));
        Assert.Equal(0, await OptionAsync(guest, fd, 1, 4));
    }

    [Fact]
    public async Task SendsAndReceivesDatagrams()
    {
        using var other = new UdpClient(AnyPort);
        await using var guest = await ForwardingGuest.StartAsync(Host());
        var fd = await guest.SocketAsync(type: ForwardingGuest.Datagram);
        Assert.Equal(0, await guest.BindAsync(fd, AnyPort));
        Assert.Equal(4, await guest.SendToAsync(fd, "here", (IPEndPoint)other.Client.LocalEndPoint!));
        var received = await other.ReceiveAsync();
        Assert.Equal("here", Encoding.UTF8.GetString(received.Buffer));
        Assert.Equal(received.RemoteEndPoint, await guest.AddressAsync("__syscall_getsockname", fd));
        await other.SendAsync("back"u8.ToArray(), received.RemoteEndPoint);
        Assert.Equal((4, "back", (IPEndPoint)other.Client.LocalEndPoint!), await guest.ReceiveFromAsync(fd, flags: Peek));
        Assert.Equal((2, "ba", (IPEndPoint)other.Client.LocalEndPoint!), await guest.ReceiveFromAsync(fd, 2));
        Assert.Equal(-(int)Errno.EAGAIN, (await guest.ReceiveFromAsync(fd, flags: DontWait)).Result);
    }

    [Fact]
    public async Task MessagesHaveVectors()
    {
        using var other = new UdpClient(AnyPort);
        await using var guest = await ForwardingGuest.StartAsync(Host());
        var fd = await guest.SocketAsync(type: ForwardingGuest.Datagram);
        var (name, nameLength) = guest.WriteAddress((IPEndPoint)other.Client.LocalEndPoint!);
        const int message = 512, vectors = 560, text = 600;
        guest.Memory.WriteUtf8(text, "onetwo");
        WriteInts(guest, vectors, text + 3, 3, text, 3);
        WriteInts(guest, message, name, nameLength, vectors, 2, 0, 0, 0);
        Assert.Equal(6, await guest.CallAsync("__syscall_sendmsg", fd, message, 0, 0, 0, 0));
        var received = await other.ReceiveAsync();
        Assert.Equal("twoone", Encoding.UTF8.GetString(received.Buffer));
        await other.SendAsync("fourfive"u8.ToArray(), received.RemoteEndPoint);
        WriteInts(guest, message, 700, 16, vectors, 2, 1, 1, -1);
        Assert.Equal(6, await guest.CallAsync("__syscall_recvmsg", fd, message, 0, 0, 0, 0));
        Assert.Equal("rfifou", Encoding.UTF8.GetString(guest.Memory.GetSpan(text, 6)));

        // No control messages, and the datagram was longer.
        const int truncated = 0x20;
        Assert.Equal((16, 0, truncated), (guest.Memory.Read<int>(message + 4), guest.Memory.Read<int>(message + 20), guest.Memory.Read<int>(message + 24)));
        Assert.Equal(ForwardingGuest.Inet4, guest.Memory.Read<short>(700));
    }

    [Fact]
    public async Task ThePolicyDecides()
    {
        await using (var guest = await ForwardingGuest.StartAsync())
        {
            Assert.Equal(Errno.EACCES, await guest.FailAsync("__syscall_socket", ForwardingGuest.Inet4, ForwardingGuest.Stream, 0, 0, 0, 0));
        }

        using var listener = new TcpListener(AnyPort);
        listener.Start();
        await using var refused = await ForwardingGuest.StartAsync(new EmscriptenHost().WithNetwork(new NetworkPolicy().AllowConnect("10.0.0.1")));
        var fd = await refused.SocketAsync();
        Assert.Equal(-(int)Errno.EACCES, await refused.ConnectAsync(fd, (IPEndPoint)listener.LocalEndpoint));
        Assert.Equal(-(int)Errno.EACCES, await refused.BindAsync(fd, AnyPort));
        fd = await refused.SocketAsync(type: ForwardingGuest.Datagram);
        Assert.Equal(-(int)Errno.EACCES, await refused.SendToAsync(fd, "x", (IPEndPoint)listener.LocalEndpoint));
        Assert.False(listener.Pending());
    }

    [Theory]
    [InlineData(1, ForwardingGuest.Stream, 0, Errno.EAFNOSUPPORT)]
    [InlineData(ForwardingGuest.Inet4, 3, 0, Errno.EPROTOTYPE)]
    [InlineData(ForwardingGuest.Inet4, ForwardingGuest.Stream, 17, Errno.EPROTONOSUPPORT)]
    [InlineData(ForwardingGuest.Inet6, ForwardingGuest.Datagram, 6, Errno.EPROTONOSUPPORT)]
    public async Task SocketsOfOtherKindsAreRefused(int family, int type, int protocol, Errno expected)
    {
        await using var guest = await ForwardingGuest.StartAsync(Host());
        Assert.Equal(expected, await guest.FailAsync("__syscall_socket", family, type, protocol, 0, 0, 0));
    }

    [Fact]
    public async Task OptionsAreToldAndSet()
    {
        await using var guest = await ForwardingGuest.StartAsync(Host());
        var fd = await guest.SocketAsync();
        const int socket = 1, tcp = 6;
        Assert.Equal(ForwardingGuest.Stream, await OptionAsync(guest, fd, socket, 3));
        Assert.Equal(tcp, await OptionAsync(guest, fd, socket, 38));
        Assert.Equal(ForwardingGuest.Inet4, await OptionAsync(guest, fd, socket, 39));
        Assert.Equal(0, await OptionAsync(guest, fd, tcp, 1));
        guest.Memory.Write(512, 1);
        foreach (var (level, name) in new[] { (socket, 2), (socket, 9), (tcp, 1) })
        {
            Assert.Equal(0, await guest.CallAsync("__syscall_setsockopt", fd, level, name, 512, 4, 0));
            Assert.NotEqual(0, await OptionAsync(guest, fd, level, name));
        }

        // That another program may have the same port is taken.
        Assert.Equal(0, await guest.CallAsync("__syscall_setsockopt", fd, socket, 15, 512, 4, 0));
        Assert.Equal(Errno.ENOPROTOOPT, await guest.FailAsync("__syscall_setsockopt", fd, socket, 99, 512, 4, 0));
        Assert.Equal(Errno.EINVAL, await guest.FailAsync("__syscall_setsockopt", fd, tcp, 1, 512, 3, 0));
        guest.Memory.Write(516, -1);
        Assert.Equal(Errno.EINVAL, await guest.FailAsync("__syscall_getsockopt", fd, socket, 3, 520, 516, 0));
        Assert.Equal(Errno.EINVAL, await guest.FailAsync("__syscall_shutdown", fd, 3, 0, 0, 0, 0));
        Assert.Equal(Errno.ENOTCONN, await guest.FailAsync("__syscall_getpeername", fd, 520, 516, 0, 0, 0));
    }

    [Theory]
    [InlineData(20, 4)]
    [InlineData(21, 4)]
    [InlineData(66, 8)]
    [InlineData(67, 8)]
    public async Task TimesOfWaitsAreToldAsTheyWereSet(int option, int size)
    {
        await using var guest = await ForwardingGuest.StartAsync(Host());
        var fd = await guest.SocketAsync();
        Assert.Equal((0, 0), await Get());
        Assert.Equal(0, await Set(3, 250_000));
        Assert.Equal((3, 250_000), await Get());
        foreach (var wrong in new[] { -1, 1_000_000 })
            Assert.Equal(-(int)Errno.EDOM, await Set(1, wrong));
        Assert.Equal(-(int)Errno.EINVAL, await guest.CallAsync("__syscall_setsockopt", fd, 1, option, 512, (2 * size) - 1, 0));
        Assert.Equal((3, 250_000), await Get());
        foreach (var endless in new[] { 0, int.MaxValue })
        {
            Assert.Equal(0, await Set(endless, 0));
            Assert.Equal((0, 0), await Get());
        }

        Task<int> Set(int seconds, int microseconds)
        {
            guest.Memory.Write(512, (long)seconds);
            guest.Memory.Write(512 + size, (long)microseconds);
            return guest.CallAsync("__syscall_setsockopt", fd, 1, option, 512, 2 * size, 0);
        }

        async Task<(int Seconds, int Microseconds)> Get()
        {
            guest.Memory.Write(900, 100);
            Assert.Equal(0, await guest.CallAsync("__syscall_getsockopt", fd, 1, option, 904, 900, 0));
            Assert.Equal(2 * size, guest.Memory.Read<int>(900));
            return (guest.Memory.Read<int>(904), guest.Memory.Read<int>(904 + size));
        }
    }

    [Fact]
    public async Task CallsWaitNoLongerThanTheSocketSays()
    {
        var policy = new NetworkPolicy().AllowAll().WithDialer(async (address, token) =>
        {
            if (address.Port == 1)
                await Task.Delay(Timeout.Infinite, token);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(address, token);
            return socket;
        });
        using var listener = new TcpListener(AnyPort);
        listener.Start();
        await using var guest = await ForwardingGuest.StartAsync(new EmscriptenHost().WithNetwork(policy));
        var (listening, datagrams, stream, connecting) =
            (await guest.SocketAsync(), await guest.SocketAsync(type: ForwardingGuest.Datagram), await guest.SocketAsync(), await guest.SocketAsync());
        Assert.Equal(0, await guest.BindAsync(listening, AnyPort));
        Assert.Equal(0, await guest.BindAsync(datagrams, AnyPort));
        Assert.Equal(0, await guest.CallAsync("__syscall_listen", listening, 1, 0, 0, 0, 0));
        Assert.Equal(0, await guest.ConnectAsync(stream, (IPEndPoint)listener.LocalEndpoint));
        using var connection = await listener.AcceptTcpClientAsync();
        foreach (var fd in new[] { listening, datagrams, stream, connecting })
        {
            await SetTimeAsync(guest, fd, 66, 200_000);
            await SetTimeAsync(guest, fd, 67, 200_000);
        }

        Assert.Equal(Errno.EAGAIN, await guest.FailAsync("__syscall_accept4", listening, 0, 0, 0, 0, 0));
        Assert.Equal(-(int)Errno.EAGAIN, (await guest.ReceiveFromAsync(datagrams)).Result);
        Assert.Equal(-(int)Errno.EAGAIN, (await guest.ReceiveFromAsync(stream)).Result);
        Assert.Equal((Errno.EAGAIN, ""), await guest.ReadAsync(stream));
        Assert.Equal(-(int)Errno.EINPROGRESS, await guest.ConnectAsync(connecting, new IPEndPoint(IPAddress.Loopback, 1)));
        Assert.Equal(-(int)Errno.EAGAIN, await guest.SendToAsync(connecting, "x"));

        // What came in time is received, and the other half is waited for in vain.
        await connection.GetStream().WriteAsync("half"u8.ToArray());
        Assert.Equal((4, "half", null), await guest.ReceiveFromAsync(stream, 8, WholeMessage));

        // So much is not sent of which nobody receives anything.
        var sent = 0;
        int count;
        do
            sent += count = await guest.SendToAsync(stream, new string('x', 65536));
        while (count == 65536);
        Assert.InRange(count, -(int)Errno.EAGAIN, 65535);
        while (count > 0)
            sent += count = await guest.SendToAsync(stream, new string('x', 65536));
        Assert.Equal(-(int)Errno.EAGAIN, count);
        (Errno Error, int Count) written;
        do
            sent += (written = await guest.WriteAsync(stream, "x")).Count;
        while (written.Error == Errno.None);
        Assert.Equal(Errno.EAGAIN, written.Error);
        var received = new byte[sent - count];
        await connection.GetStream().ReadExactlyAsync(received).AsTask().WaitAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(1, await guest.SendToAsync(stream, "x"));

        // Without a time, as connections have that were accepted from a socket without one, calls wait again.
        await SetTimeAsync(guest, stream, 66, 0);
        var receiving = guest.ReceiveFromAsync(stream, 4, WholeMessage);
        await Task.Delay(100);
        Assert.Equal(1, guest.SuspendedCalls);
        await connection.GetStream().WriteAsync("late"u8.ToArray());
        Assert.Equal((4, "late", null), await receiving);
    }

    [Fact]
    public async Task AConnectionWaitsNoLongerThanTheSocketThatTookIt()
    {
        await using var guest = await ForwardingGuest.StartAsync(Host());
        var fd = await guest.SocketAsync();
        Assert.Equal(0, await guest.BindAsync(fd, AnyPort));
        Assert.Equal(0, await guest.CallAsync("__syscall_listen", fd, 5, 0, 0, 0, 0));
        await SetTimeAsync(guest, fd, 66, 500_000);
        using var client = new TcpClient(AddressFamily.InterNetwork);
        await client.ConnectAsync(await guest.AddressAsync("__syscall_getsockname", fd));
        var accepted = await guest.CallAsync("__syscall_accept4", fd, 0, 0, 0, 0, 0);

        Assert.Equal(-(int)Errno.EAGAIN, (await guest.ReceiveFromAsync(accepted)).Result);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(5, false)]
    public async Task LingeringForNoTimeDropsTheConnection(int seconds, bool isDropped)
    {
        using var listener = new TcpListener(AnyPort);
        listener.Start();
        await using var guest = await ForwardingGuest.StartAsync(Host());
        var fd = await guest.SocketAsync();
        WriteInts(guest, 512, 7, seconds);
        Assert.Equal(0, await guest.CallAsync("__syscall_setsockopt", fd, 1, 13, 512, 8, 0));
        guest.Memory.Write(900, 8);
        Assert.Equal(0, await guest.CallAsync("__syscall_getsockopt", fd, 1, 13, 904, 900, 0));
        Assert.Equal((8, 1, seconds), (guest.Memory.Read<int>(900), guest.Memory.Read<int>(904), guest.Memory.Read<int>(908)));
        Assert.Equal(0, await guest.ConnectAsync(fd, (IPEndPoint)listener.LocalEndpoint));
        using var connection = await listener.AcceptSocketAsync();

        await guest.CloseAsync(fd);

        connection.ReceiveTimeout = 60_000;
        if (isDropped)
            Assert.Equal(SocketError.ConnectionReset, Assert.Throws<SocketException>(() => connection.Receive(new byte[1])).SocketErrorCode);
        else
            Assert.Equal(0, connection.Receive(new byte[1]));
    }

    [Fact]
    public async Task PollTellsOfTheEndOfAConnectionThoughNothingIsWanted()
    {
        using var listener = new TcpListener(AnyPort);
        listener.Start();
        await using var guest = await ForwardingGuest.StartAsync(Host());
        var fd = await guest.SocketAsync();
        Assert.Equal(0, await guest.ConnectAsync(fd, (IPEndPoint)listener.LocalEndpoint));
        using var connection = await listener.AcceptSocketAsync();

        // That the other side sends no more, or has sent something, is nothing as long as this one may send.
        connection.Send("x"u8);
        connection.Shutdown(SocketShutdown.Send);
        Assert.Equal(PollEvents.In, await guest.PollAsync(fd, PollEvents.In));
        Assert.Equal(PollEvents.None, await guest.PollAsync(fd, PollEvents.None, 50));
        var polling = guest.PollAsync(fd, PollEvents.None);
        Assert.Equal(1, guest.SuspendedCalls);
        connection.LingerState = new LingerOption(true, 0);
        connection.Close();
        Assert.Equal(PollEvents.Error | PollEvents.HangUp, await polling.WaitAsync(TimeSpan.FromMinutes(5)));

        fd = await guest.SocketAsync();
        Assert.Equal(0, await guest.ConnectAsync(fd, (IPEndPoint)listener.LocalEndpoint));
        using var closed = await listener.AcceptSocketAsync();
        closed.Close();
        Assert.Equal(0, await guest.CallAsync("__syscall_shutdown", fd, 1, 0, 0, 0, 0));
        Assert.Equal(PollEvents.HangUp, await guest.PollAsync(fd, PollEvents.Priority).WaitAsync(TimeSpan.FromMinutes(5)));

        listener.Stop();
        fd = await guest.SocketAsync(type: ForwardingGuest.Stream | ForwardingGuest.Nonblock);
        Assert.Equal(-(int)Errno.EINPROGRESS, await guest.ConnectAsync(fd, (IPEndPoint)listener.LocalEndpoint));
        Assert.Equal(PollEvents.Error | PollEvents.HangUp, await guest.PollAsync(fd, PollEvents.None).WaitAsync(TimeSpan.FromMinutes(5)));
        Assert.Equal((int)Errno.ECONNREFUSED, await OptionAsync(guest, fd, 1, 4));
    }

    [Fact]
    public async Task AddressesAreChecked()
    {
        await using var guest = await ForwardingGuest.StartAsync(Host());
        var fd = await guest.SocketAsync();
        var (address, length) = guest.WriteAddress(AnyPort);
        foreach (var wrong in new[] { 0, 1, length - 1, 129, -1, int.MinValue })
            Assert.Equal(Errno.EINVAL, await guest.FailAsync("__syscall_bind", fd, address, wrong, 0, 0, 0));
        guest.Memory.Write(address, (short)1);
        Assert.Equal(Errno.EAFNOSUPPORT, await guest.FailAsync("__syscall_bind", fd, address, length, 0, 0, 0));
        await Assert.ThrowsAsync<MemoryTrapException>(() => guest.CallAsync("__syscall_bind", fd, -8, length, 0, 0, 0));
        guest.Memory.Write(512, 16);
        await Assert.ThrowsAsync<MemoryTrapException>(() => guest.CallAsync("__syscall_getsockname", fd, -8, 512, 0, 0, 0));
        await Assert.ThrowsAsync<MemoryTrapException>(() => guest.CallAsync("__syscall_getsockname", fd, 520, -2, 0, 0, 0));
    }

    [Theory]
    [InlineData(0, -1)]
    [InlineData(8192, int.MinValue)]
    [InlineData(-16, 32)]
    [InlineData(ForwardingGuest.MemoryBytes - 3, 4)]
    public async Task BuffersBeyondTheMemoryTrap(int buffer, int length)
    {
        await using var guest = await ForwardingGuest.StartAsync(Host());
        var fd = await guest.SocketAsync(type: ForwardingGuest.Datagram);
        await Assert.ThrowsAsync<MemoryTrapException>(() => guest.CallAsync("__syscall_sendto", fd, buffer, length, 0, 0, 0));
        await Assert.ThrowsAsync<MemoryTrapException>(() => guest.CallAsync("__syscall_recvfrom", fd, buffer, length, 0, 0, 0));
    }

    [Fact]
    public async Task CancellationEndsEachWait()
    {
        // A connection that is never made.
        var policy = new NetworkPolicy().AllowAll().WithDialer(async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            throw new InvalidOperationException("The delay does not end.");
        });
        await using var guest = await ForwardingGuest.StartAsync(new EmscriptenHost().WithNetwork(policy));
        var (listening, datagrams, connecting) = (await guest.SocketAsync(), await guest.SocketAsync(type: ForwardingGuest.Datagram), await guest.SocketAsync());
        Assert.Equal(0, await guest.BindAsync(listening, AnyPort));
        Assert.Equal(0, await guest.BindAsync(datagrams, AnyPort));
        Assert.Equal(0, await guest.CallAsync("__syscall_listen", listening, 1, 0, 0, 0, 0));
        var (address, length) = guest.WriteAddress(new IPEndPoint(IPAddress.Loopback, 1));
        WriteInts(guest, 512, 0, 0, 0, 0, 0, 0, 0);
        WriteInts(guest, 600, listening, 1, datagrams, 1);
        (string Function, int[] Arguments)[] calls =
        [
            ("__syscall_accept4", [listening, 0, 0, 0, 0, 0]),
            ("__syscall_recvfrom", [datagrams, 8192, 10, 0, 0, 0]),
            ("__syscall_recvmsg", [datagrams, 512, 0, 0, 0, 0]),
            ("__syscall_connect", [connecting, address, length, 0, 0, 0]),
            ("__syscall_poll", [600, 2, -1]),
        ];
        foreach (var (function, arguments) in calls)
        {
            using var cancellation = new CancellationTokenSource();
            var call = guest.CallAsync(function, arguments, cancellation.Token);
            Assert.True(guest.SuspendedCalls == 1, $"{function} does not wait.");
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }
    }

    private static EmscriptenHost Host() => new EmscriptenHost().WithNetwork(new NetworkPolicy().AllowConnect("127.0.0.1").AllowListen("127.0.0.1"));

    private static async Task<int> OptionAsync(ForwardingGuest guest, int fd, int level, int name)
    {
        guest.Memory.Write(900, 4);
        Assert.Equal(0, await guest.CallAsync("__syscall_getsockopt", fd, level, name, 904, 900, 0));
        Assert.Equal(4, guest.Memory.Read<int>(900));
        return guest.Memory.Read<int>(904);
    }

    private static async Task SetTimeAsync(ForwardingGuest guest, int fd, int option, int microseconds)
    {
        guest.Memory.Write(512, 0L);
        guest.Memory.Write(520, (long)microseconds);
        Assert.Equal(0, await guest.CallAsync("__syscall_setsockopt", fd, 1, option, 512, 16, 0));
    }

    private static void WriteInts(ForwardingGuest guest, int at, params int[] values)
    {
        foreach (var (index, value) in values.Index())
            guest.Memory.Write(at + (index * sizeof(int)), value);
    }
}
