using System.Net.Sockets;

namespace Fermata.Platform.Network;

internal sealed partial class GuestSocket
{
    /// <summary>Reads an option whose value is a number.</summary>
    public Result<int> GetOption(SocketOptionName name)
    {
        try
        {
            return name switch
            {
                SocketOptionName.Error => (int)TakeError(),
                SocketOptionName.AcceptConnection => IsListening ? 1 : 0,
                _ => (int)_socket.GetSocketOption(SocketOptionLevel.Socket, name)!,
            };
        }
        catch (Exception e) when (SocketErrors.Of(e) is { } error)
        {
            return error;
        }
    }

    /// <summary>Sets an option whose value is a number.</summary>
    public Errno SetOption(SocketOptionName name, int value) => Try(() => _socket.SetSocketOption(SocketOptionLevel.Socket, name, value));

    private bool IsSet(SocketOptionName name) => GetSocketOption(name) != 0;

    private int GetSocketOption(SocketOptionName name) => (int)_socket.GetSocketOption(SocketOptionLevel.Socket, name)!;
}
