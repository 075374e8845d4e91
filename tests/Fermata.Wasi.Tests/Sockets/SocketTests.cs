using System.Net.Sockets;
using System.Text;

namespace Fermata.Wasi.Tests;

/// <summary>The socket functions of preview 1, on connections that the program is given: file descriptor 3.</summary>
public sealed class SocketTests
{
    private const int Nonblock = 4;
    private const int Peek = 1;
    private const int WaitAll = 2;

    [Fact]
    public async Task AReceiveGivesWhatIsThere()
    {
        using var pair = await SocketPair.ConnectAsync();
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithSocket(pair.Guest));
        var receive = guest.ReceiveAsync(3, 100);
        Assert.False(receive.IsCompleted);
        await pair.SendAsync("hello");
        Assert.Equal((Errno.None, "hello"), await receive);
    }

    [Fact]
    public async Task AReceiveThatIsNotToWaitFailsWithEagain()
    {
        using var pair = await SocketPair.ConnectAsync();
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithSocket(pair.Guest));
        Assert.Equal(Errno.None, await guest.CallAsync("fd_fdstat_set_flags", 3, Nonblock));
        Assert.Equal((Errno.EAGAIN, ""), await guest.ReceiveAsync(3, 100));
        Assert.Equal((Errno.EAGAIN, ""), await guest.ReceiveAsync(3, 100, WaitAll));
        await pair.SendAsync("hello");
        Assert.Equal(3, Assert.Single(await guest.PollAsync([3])).UserData);
        Assert.Equal((Errno.None, "hel"), await guest.ReceiveAsync(3, 3));
        Assert.Equal((Errno.None, "lo"), await guest.ReceiveAsync(3, 100, WaitAll));
        Assert.Equal((Errno.EAGAIN, ""), await guest.ReceiveAsync(3, 100));
    }

    [Fact]
    public async Task WhatIsPeekedIsReceivedAfterwards()
    {
        using var pair = await SocketPair.ConnectAsync();
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithSocket(pair.Guest));
        await pair.SendAsync("hello");
        Assert.Equal((Errno.None, "hel"), await guest.ReceiveAsync(3, 3, Peek));
        var all = guest.ReceiveAsync(3, 8, Peek | WaitAll);
        await WaitUntilSuspendedAsync(guest, 1);
        await pair.SendAsync("world");
        Assert.Equal((Errno.None, "hellowor"), await all);
        Assert.Equal((Errno.None, "hell"), await guest.ReceiveAsync(3, 4));
        Assert.Equal((Errno.None, "oworld"), await guest.ReceiveAsync(3, 6, WaitAll));
    }

    [Fact]
    public async Task WaitingForAllGetsAllOrWhatThereIsAtTheEnd()
    {
        using var pair = await SocketPair.ConnectAsync();
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithSocket(pair.Guest));
        await pair.SendAsync("one");
        var receive = guest.ReceiveAsync(3, 6, WaitAll);
        await WaitUntilSuspendedAsync(guest, 1);
        await pair.SendAsync("two, and");
        Assert.Equal((Errno.None, "onetwo"), await receive);
        pair.Peer.Shutdown(SocketShutdown.Send);
        Assert.Equal((Errno.None, ", and"), await guest.ReceiveAsync(3, 6, WaitAll));
        Assert.Equal((Errno.None, ""), await guest.ReceiveAsync(3, 6, WaitAll));
    }

    [Fact]
    public async Task TheEndIsToldByPollAndThenByReceive()
    {
        using var pair = await SocketPair.ConnectAsync();
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithSocket(pair.Guest));
        var poll = guest.PollAsync([3]);
        await WaitUntilSuspendedAsync(guest, 1);
        pair.Peer.Shutdown(SocketShutdown.Send);
        var end = Assert.Single(await poll);
        Assert.True(end is { Error: Errno.None, Bytes: 0, IsHungUp: true }, $"{end}");
        Assert.Equal((Errno.None, ""), await guest.ReceiveAsync(3, 6));
    }

    [Fact]
    public async Task AConnectionThatIsResetSaysSo()
    {
        using var pair = await SocketPair.ConnectAsync();
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithSocket(pair.Guest));
        var poll = guest.PollAsync([3]);
        await WaitUntilSuspendedAsync(guest, 1);
        pair.Peer.LingerState = new LingerOption(true, 0);
        pair.Peer.Close();
        Assert.True(Assert.Single(await poll).IsHungUp);
        Assert.Equal((Errno.ECONNRESET, ""), await guest.ReceiveAsync(3, 6));
        Assert.Equal(Errno.EPIPE, (await guest.SendAsync(3, "x")).Error);
    }

    [Fact]
    public async Task AnEndThatIsShutDownSendsNothing()
    {
        using var pair = await SocketPair.ConnectAsync();
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithSocket(pair.Guest));
        Assert.Equal((Errno.None, 3), await guest.SendAsync(3, "end"));
        Assert.Equal(Errno.EINVAL, await guest.CallAsync("sock_shutdown", 3, 0));
        Assert.Equal(Errno.EINVAL, await guest.CallAsync("sock_shutdown", 3, 4));
        Assert.Equal(Errno.ENOTSOCK, await guest.CallAsync("sock_shutdown", 1, 2));
        Assert.Equal(Errno.None, await guest.CallAsync("sock_shutdown", 3, 2));
        Assert.Equal(Errno.EPIPE, (await guest.SendAsync(3, "x")).Error);
        var buffer = new byte[10];
        Assert.Equal(3, await pair.Peer.ReceiveAsync(buffer));
        Assert.Equal(0, await pair.Peer.ReceiveAsync(buffer));
    }

    [Fact]
    public async Task ASendWaitsForRoomAndPollTellsOfIt()
    {
        using var pair = await SocketPair.ConnectAsync();
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithSocket(pair.Guest));
        Assert.Equal(~3, Assert.Single(await guest.PollAsync([~3])).UserData);
        await guest.CallAsync("fd_fdstat_set_flags", 3, Nonblock);
        var text = new string('x', 500_000);
        var sent = 0;
        long ready;
        do
        {
            var (error, count) = await guest.SendAsync(3, text, 4096);
            Assert.Equal(Errno.None, error);
            for (; error == Errno.None; (error, count) = await guest.SendAsync(3, text, 4096))
                sent += count;
            Assert.Equal(Errno.EAGAIN, error);

            // The system may have made room by moving on what was sent.
            ready = Assert.Single(await guest.PollAsync([~3], TimeSpan.FromMilliseconds(20))).UserData;
        }
        while (ready == ~3);
        Assert.Equal(-1000, ready);

        await guest.CallAsync("fd_fdstat_set_flags", 3, 0);
        var waiting = guest.SendAsync(3, text, 4096);
        await WaitUntilSuspendedAsync(guest, 1);
        await ReceiveExactlyAsync(pair.Peer, sent + text.Length);
        Assert.Equal((Errno.None, text.Length), await waiting);
        Assert.Equal(~3, Assert.Single(await guest.PollAsync([~3])).UserData);
    }

    [Fact]
    public async Task APollIsNotToldOfWhatAnotherCallWasFasterToTake()
    {
        using var pair = await SocketPair.ConnectAsync();
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithSocket(pair.Guest));
        for (var round = 0; round < 50; round++)
        {
            var poll = guest.PollAsync([3]);
            var receive = guest.ReceiveAsync(3, 100);
            await WaitUntilSuspendedAsync(guest, 2);
            await pair.SendAsync("hello");
            Assert.Equal((Errno.None, "hello"), await receive);
            var isWaiting = !poll.IsCompleted;
            if (isWaiting)
                await pair.SendAsync("again");
            var ready = Assert.Single(await poll);
            Assert.True(ready is { Bytes: 5, IsHungUp: false }, $"{ready}");
            if (isWaiting)
                Assert.Equal((Errno.None, "again"), await guest.ReceiveAsync(3, 100));
        }
    }

    [Fact]
    public async Task AReceiveThatIsCancelledTakesNothing()
    {
        using var pair = await SocketPair.ConnectAsync();
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithSocket(pair.Guest), new StoreOptions { AlwaysSuspend = true });
        await pair.SendAsync("12");
        var expected = new StringBuilder("12");
        for (var i = 0; i < 2000; i++)
        {
            // What arrives and the cancellation come together: either the call has the bytes, or the next one.
            using var source = new CancellationTokenSource();
            guest.ForgetReceived();
            var receive = guest.ReceiveAsync(3, 4, i % 2 == 0 ? WaitAll : 0, cancellationToken: source.Token);
            var cancel = Task.Run(source.Cancel);
            await pair.SendAsync($"{i:00}"[^2..]);
            expected.Append($"{i:00}"[^2..]);
            await cancel;
            try
            {
                var (error, text) = await receive;
                Assert.Equal(Errno.None, error);
                Assert.Equal(expected.ToString(0, text.Length), text);
                expected.Remove(0, text.Length);
            }
            catch (OperationCanceledException)
            {
                // As it should be, most of the time; but it may also be cancelled when it has received already.
                var text = guest.Received();
                Assert.Equal(expected.ToString(0, text.Length), text);
                expected.Remove(0, text.Length);
            }
        }

        if (expected.Length > 0)
            Assert.Equal((Errno.None, expected.ToString()), await guest.ReceiveAsync(3, expected.Length, WaitAll));
    }

    [Fact]
    public async Task AConnectionIsAcceptedOnceWhoeverWaits()
    {
        using var listener = SocketPair.Listen();
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithListener(listener));
        var accepts = Enumerable.Range(0, 10).Select(i => guest.AcceptAsync(3, 0, 512 + 4 * i)).ToList();
        var poll = guest.PollAsync([3]);
        await WaitUntilSuspendedAsync(guest, 11);
        var clients = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SocketPair.ConnectToAsync(listener)));
        Assert.Equal(Enumerable.Range(4, 10), (await Task.WhenAll(accepts)).Select(accepted => accepted.Fd).Order());

        // All ten may have been accepted before the poll has looked. This one nobody takes.
        using var last = await SocketPair.ConnectToAsync(listener);
        Assert.Equal(3, Assert.Single(await poll).UserData);
        foreach (var client in clients)
            client.Dispose();
    }

    [Fact]
    public async Task AListenerThatIsNotToWaitFailsWithEagain()
    {
        using var listener = SocketPair.Listen();
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithListener(listener));
        await guest.CallAsync("fd_fdstat_set_flags", 3, Nonblock);
        Assert.Equal((Errno.EAGAIN, -1), await guest.AcceptAsync(3));
        Assert.Equal((Errno.EINVAL, -1), await guest.AcceptAsync(3, 1));
        using var client = await SocketPair.ConnectToAsync(listener);
        Assert.Equal(3, Assert.Single(await guest.PollAsync([3])).UserData);
        Assert.Equal((Errno.None, 4), await guest.AcceptAsync(3, Nonblock));
        Assert.Equal((Errno.EAGAIN, ""), await guest.ReceiveAsync(4, 100));
        Assert.Equal((Errno.EAGAIN, -1), await guest.AcceptAsync(3));
    }

    [Fact]
    public async Task APollOrAcceptThatIsCancelledLosesNoConnection()
    {
        using var listener = SocketPair.Listen();
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithListener(listener), new StoreOptions { AlwaysSuspend = true });
        var clients = new List<Socket>();
        for (var i = 0; i < 200; i++)
        {
            using var source = new CancellationTokenSource();
            Task call = i % 2 == 0 ? guest.PollAsync([3], cancellationToken: source.Token) : guest.AcceptAsync(3, cancellationToken: source.Token);
            var cancel = Task.Run(source.Cancel);
            clients.Add(await SocketPair.ConnectToAsync(listener));
            await cancel;
            try
            {
                await call;
            }
            catch (OperationCanceledException)
            {
                // As it should be, most of the time.
            }
        }

        // A call may also be cancelled when it has accepted already. So each connection has a number in the end, in whatever way it came, and none is left.
        clients.Add(await SocketPair.ConnectToAsync(listener));
        for (var fd = 0; fd < 3 + clients.Count;)
        {
            (var error, fd) = await guest.AcceptAsync(3).WaitAsync(TimeSpan.FromMinutes(5));
            Assert.Equal(Errno.None, error);
        }

        await guest.CallAsync("fd_fdstat_set_flags", 3, Nonblock);
        Assert.Equal((Errno.EAGAIN, -1), await guest.AcceptAsync(3));
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task AConnectionThatOneProgramDidNotTakeIsThereForTheNext()
    {
        using var listener = SocketPair.Listen();
        var builder = new WasiBuilder().WithListener(listener);
        using var client = await SocketPair.ConnectToAsync(listener);
        await using (var first = await ImportGuest.StartAsync(builder))
        {
            var poll = first.PollAsync([3]);
            using var second = await SocketPair.ConnectToAsync(listener);
            await poll;
        }

        await using var next = await ImportGuest.StartAsync(builder);
        Assert.Equal((Errno.None, 4), await next.AcceptAsync(3));
        Assert.Equal((Errno.None, 5), await next.AcceptAsync(3));
    }

    [Fact]
    public async Task ADatagramThatIsTooLongIsTruncatedAndSaysSo()
    {
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        peer.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        await socket.ConnectAsync(peer.LocalEndPoint!);
        await peer.ConnectAsync(socket.LocalEndPoint!);
        await using var guest = await ImportGuest.StartAsync(new WasiBuilder().WithSocket(socket));
        var poll = guest.PollAsync([3]);
        await WaitUntilSuspendedAsync(guest, 1);
        await peer.SendAsync("hello"u8.ToArray());
        await peer.SendAsync("world"u8.ToArray());
        Assert.Equal(3, Assert.Single(await poll).UserData);
        Assert.Equal((Errno.None, "hell"), await guest.ReceiveAsync(3, 4));
        Assert.Equal(1, guest.Memory.Read<ushort>(1024 + 12));
        Assert.Equal((Errno.None, "world"), await guest.ReceiveAsync(3, 100));
        Assert.Equal(0, guest.Memory.Read<ushort>(1024 + 12));
    }

    [Fact]
    public async Task SocketsComeBehindDirectoriesAndStayTheHosts()
    {
        using var pair = await SocketPair.ConnectAsync();
        using var listener = SocketPair.Listen();
        var builder = new WasiBuilder().WithListener(listener).WithSocket(pair.Guest);
        await using (var guest = await ImportGuest.StartAsync(builder))
        {
            Assert.Equal((Errno.None, 2), await guest.SendAsync(4, "hi"));
            Assert.Equal(Errno.None, await guest.CallAsync("fd_close", 4));
            Assert.Equal(Errno.EBADF, (await guest.SendAsync(4, "hi")).Error);
        }

        Assert.Equal(5, await pair.Guest.SendAsync("there"u8.ToArray()));
        Assert.Equal("hithere", Encoding.UTF8.GetString(await ReceiveExactlyAsync(pair.Peer, 7)));
    }

    [Fact]
    public async Task OnlyASocketThatListensIsAListener()
    {
        using var pair = await SocketPair.ConnectAsync();
        var problem = Assert.Throws<ArgumentException>(() => new WasiBuilder().WithListener(pair.Guest));
        Assert.Contains("does not listen", problem.Message, StringComparison.Ordinal);
    }

    private static async Task WaitUntilSuspendedAsync(ImportGuest guest, int calls)
    {
        while (guest.SuspendedCalls != calls)
            await Task.Delay(1);
    }

    private static async Task<byte[]> ReceiveExactlyAsync(Socket socket, int length)
    {
        var bytes = new byte[length];
        for (var total = 0; total < length;)
        {
            var count = await socket.ReceiveAsync(bytes.AsMemory(total));
            Assert.NotEqual(0, count);
            total += count;
        }

        return bytes;
    }
}
