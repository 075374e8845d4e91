using System.Net.Sockets;
using System.Runtime.InteropServices;
using Fermata.Platform;
using Fermata.Platform.Network;
using Fermata.Wasi;
using Fermata.Wasi.Functions;
using SocketNumbers = Fermata.Emscripten.Abi.SocketNumbers;

namespace Fermata.Emscripten.Functions;

/// <summary>Options of sockets.</summary>
internal static class SocketOptionFunctions
{
    private const int SocketLevel = 1, Ipv6Level = 41;

    /// <summary>What is told and cannot be set.</summary>
    private const int Type = 3, Protocol = 38, Domain = 39;

    /// <summary>The options whose values are numbers.</summary>
    private static readonly Dictionary<(int Level, int Name), (SocketOptionLevel Level, SocketOptionName Name)> Options = new()
    {
        [(SocketLevel, 2)] = (SocketOptionLevel.Socket, SocketOptionName.ReuseAddress),
        [(SocketLevel, 4)] = (SocketOptionLevel.Socket, SocketOptionName.Error),
        [(SocketLevel, 5)] = (SocketOptionLevel.Socket, SocketOptionName.DontRoute),
        [(SocketLevel, 6)] = (SocketOptionLevel.Socket, SocketOptionName.Broadcast),
        [(SocketLevel, 7)] = (SocketOptionLevel.Socket, SocketOptionName.SendBuffer),
        [(SocketLevel, 8)] = (SocketOptionLevel.Socket, SocketOptionName.ReceiveBuffer),
        [(SocketLevel, 9)] = (SocketOptionLevel.Socket, SocketOptionName.KeepAlive),
        [(SocketLevel, 10)] = (SocketOptionLevel.Socket, SocketOptionName.OutOfBandInline),
        [(SocketLevel, 30)] = (SocketOptionLevel.Socket, SocketOptionName.AcceptConnection),
        [(SocketNumbers.Tcp, 1)] = (SocketOptionLevel.Tcp, SocketOptionName.NoDelay),
        [(SocketNumbers.Tcp, 4)] = (SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime),
        [(SocketNumbers.Tcp, 5)] = (SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval),
        [(SocketNumbers.Tcp, 6)] = (SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount),
        [(Ipv6Level, 26)] = (SocketOptionLevel.IPv6, SocketOptionName.IPv6Only),
    };

    /// <summary>Those whose values are structures, and <c>SO_REUSEPORT</c>, which is taken and changes nothing. Times are of 32 and of 64 bits.</summary>
    private static readonly Dictionary<(int Level, int Name), SocketStructure> Structures = new()
    {
        [(SocketLevel, 13)] = SocketStructure.Linger,
        [(SocketLevel, 15)] = SocketStructure.IgnoredNumber,
        [(SocketLevel, 20)] = SocketStructure.TimeOf<int>(isForReceiving: true),
        [(SocketLevel, 21)] = SocketStructure.TimeOf<int>(isForReceiving: false),
        [(SocketLevel, 66)] = SocketStructure.TimeOf<long>(isForReceiving: true),
        [(SocketLevel, 67)] = SocketStructure.TimeOf<long>(isForReceiving: false),
    };

    public static int Getsockopt(Caller caller, int fd, int level, int option, int value, int length, int unused)
    {
        if (!SocketFunctions.Find(caller, fd).TryGet(out var socket, out var error))
            return -(int)error;
        var room = caller.Read<int>(length);
        if (room < 0)
            return -(int)Errno.EINVAL;
        Span<byte> told = stackalloc byte[SocketStructure.LongestSize];
        told.Clear();
        if (Structures.TryGetValue((level, option), out var structure))
        {
            told = told[..structure.Size];
            structure.Get(socket, told);
        }
        else if (Get(socket, level, option).TryGet(out var number, out error))
        {
            told = told[..sizeof(int)];
            MemoryMarshal.Write(told, number);
        }
        else
        {
            return -(int)error;
        }

        told = told[..Math.Min(room, told.Length)];
        told.CopyTo(caller.GetSpan(value, told.Length));
        caller.Write(length, told.Length);
        return 0;
    }

    public static int Setsockopt(Caller caller, int fd, int level, int option, int value, int length, int unused) =>
        -(int)(!SocketFunctions.Find(caller, fd).TryGet(out var socket, out var error) ? error
            : Structures.TryGetValue((level, option), out var structure) ? SetStructure(caller, socket, structure, value, length)
            : !Options.TryGetValue((level, option), out var known) ? Errno.ENOPROTOOPT
            : length < sizeof(int) ? Errno.EINVAL
            : socket.SetOption(known.Level, known.Name, caller.Read<int>(value)));

    private static Errno SetStructure(Caller caller, GuestSocket socket, SocketStructure structure, int value, int length) =>
        length < structure.Size ? Errno.EINVAL : structure.Set(socket, caller.GetSpan(value, structure.Size), WasiContext.Of(caller).Clock);

    private static Result<int> Get(GuestSocket socket, int level, int option) => (level, option) switch
    {
        (SocketLevel, Type) => TypeOf(socket),
        (SocketLevel, Protocol) => SocketNumbers.ProtocolOf(TypeOf(socket)),
        (SocketLevel, Domain) => SocketNumbers.Of(socket.Family),
        _ => Options.TryGetValue((level, option), out var known) ? socket.GetOption(known.Level, known.Name) : Errno.ENOPROTOOPT,
    };

    private static int TypeOf(GuestSocket socket) => socket.IsStream ? SocketNumbers.Stream : SocketNumbers.Datagram;
}
