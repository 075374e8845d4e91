using System.Net.Sockets;
using Fermata.Platform;

namespace Fermata.Wasi.Functions;

/// <summary>Options of WasmEdge's sockets.</summary>
internal static class SocketOptionFunctions
{
    private const int Type = 1;

    /// <summary>The options by their numbers, those whose values are numbers.</summary>
    private static readonly Dictionary<int, SocketOptionName> Options = new()
    {
        [0] = SocketOptionName.ReuseAddress,
        [2] = SocketOptionName.Error,
        [3] = SocketOptionName.DontRoute,
        [4] = SocketOptionName.Broadcast,
        [5] = SocketOptionName.SendBuffer,
        [6] = SocketOptionName.ReceiveBuffer,
        [7] = SocketOptionName.KeepAlive,
        [8] = SocketOptionName.OutOfBandInline,
        [13] = SocketOptionName.AcceptConnection,
    };

    public static int SockGetsockopt(Caller caller, int fd, int level, int name, int value, int length)
    {
        var error = WasmEdgeSocketFunctions.Find(caller, fd, out var socket);
        if (error != Errno.None)
            return (int)error;
        if (level != 0)
            return (int)Errno.ENOPROTOOPT;
        if (caller.Read<uint>(length) < sizeof(int))
            return (int)Errno.EINVAL;
        Result<int> result = name == Type ? (socket.Socket.IsStream ? 2 : 1) : Options.TryGetValue(name, out var option) ? socket.Socket.GetOption(SocketOptionLevel.Socket, option) : Errno.ENOPROTOOPT;
        if (result.Error == Errno.None)
            caller.Write(length, sizeof(int));
        return HostCall.Write(caller, result, value);
    }

    public static int SockSetsockopt(Caller caller, int fd, int level, int name, int value, int length)
    {
        var error = WasmEdgeSocketFunctions.Find(caller, fd, out var socket);
        return (int)(error != Errno.None ? error
            : level != 0 || !Options.TryGetValue(name, out var option) ? Errno.ENOPROTOOPT
            : length < sizeof(int) ? Errno.EINVAL
            : socket.Socket.SetOption(SocketOptionLevel.Socket, option, caller.Read<int>(value)));
    }
}
