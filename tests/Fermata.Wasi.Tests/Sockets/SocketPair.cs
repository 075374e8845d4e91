using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fermata.Wasi.Tests;

/// <summary>A connection: one end for the guest, one for the test.</summary>
internal sealed class SocketPair : IDisposable
{
    private SocketPair(Socket guest, Socket peer) => (Guest, Peer) = (guest, peer);

    public Socket Guest { get; }

    public Socket Peer { get; }

    public static async Task<SocketPair> ConnectAsync()
    {
        using var listener = Listen();
        var peer = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await peer.ConnectAsync(listener.LocalEndPoint!);
        return new SocketPair(await listener.AcceptAsync(), peer);
    }

    /// <summary>A socket that listens on this machine, on a free port.</summary>
    public static Socket Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1000);
        return listener;
    }

    public static async Task<Socket> ConnectToAsync(Socket listener)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(listener.LocalEndPoint!);
        return client;
    }

    public Task<int> SendAsync(string text) => Peer.SendAsync(Encoding.UTF8.GetBytes(text));

    public void Dispose()
    {
        Guest.Dispose();
        Peer.Dispose();
    }
}
