using System.Net.Sockets;

namespace Fermata.Platform.Network;

internal sealed partial class GuestSocket
{
    /// <summary>How long a call waits for something to receive, or for a connection that it takes; null for any time.</summary>
    public SocketTimeout? ReceiveTimeout { get; set; }

    /// <summary>How long a call waits until it can send, or is connected; null for any time.</summary>
    public SocketTimeout? SendTimeout { get; set; }

    /// <summary>Whether to wait when it is closed until all is sent, and for how many seconds; not to wait is to drop that. Nobody waits here, whatever is said.</summary>
    public (bool IsOn, int Seconds) Linger
    {
        get;
        set
        {
            field = value;
            Try(() => _socket.LingerState = new LingerOption(value is (true, 0), 0));
        }
    }

    /// <summary>Reads an option whose value is a number.</summary>
    public Result<int> GetOption(SocketOptionLevel level, SocketOptionName name)
    {
        try
        {
            return (level, name) switch
            {
                (SocketOptionLevel.Socket, SocketOptionName.Error) => (int)TakeError(),
                (SocketOptionLevel.Socket, SocketOptionName.AcceptConnection) => IsListening ? 1 : 0,
                _ => (int)_socket.GetSocketOption(level, name)!,
            };
        }
        catch (Exception e) when (SocketErrors.Of(e) is { } error)
        {
            return error;
        }
    }

    /// <summary>Sets an option whose value is a number.</summary>
    public Errno SetOption(SocketOptionLevel level, SocketOptionName name, int value) => Try(() => _socket.SetSocketOption(level, name, value));

    private bool IsSet(SocketOptionName name) => (int)_socket.GetSocketOption(SocketOptionLevel.Socket, name)! != 0;
}
