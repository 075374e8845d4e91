using System.Net;
using System.Net.Sockets;

namespace Fermata.Bench;

/// <summary>The process at the other end of <c>sockets</c>: takes connections and, when it is told to, sends each a byte.</summary>
internal static class SocketServer
{
    public const string Option = "--serve-sockets";

    public static async Task<int> RunAsync(int count)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(count);
        Console.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port);
        var connections = new Socket[count];
        for (var i = 0; i < count; i++)
            connections[i] = await listener.AcceptAsync();
        Console.WriteLine("connected");
        await Console.In.ReadLineAsync();
        new Random(1).Shuffle(connections);
        foreach (var connection in connections)
            await connection.SendAsync(new byte[] { SocketGuests.Answer });

        // Whoever closes first keeps the port for a while.
        await Console.In.ReadLineAsync();
        return 0;
    }
}
