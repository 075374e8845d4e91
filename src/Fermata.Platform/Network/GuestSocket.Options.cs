using System.Net.Sockets;

namespace Fermata.Platform.Network;

internal sealed partial class GuestSocket
{
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
