using System.Net.Sockets;
using Fermata.Platform;

namespace Fermata.Emscripten.Abi;

/// <summary>Numbers of <c>sys/socket.h</c> and <c>netinet/in.h</c>.</summary>
internal static class SocketNumbers
{
    public const ushort Inet4 = 2, Inet6 = 10;

    public const int Stream = 1, Datagram = 2;

    public const int Tcp = 6, Udp = 17;

    /// <summary>Flags in the type of a new socket, which are those of <c>open</c>.</summary>
    public const FileFlags TypeFlags = FileFlags.Nonblock | FileFlags.CloseOnExec;

    public static Result<AddressFamily> ToFamily(int number) => number switch
    {
        Inet4 => AddressFamily.InterNetwork,
        Inet6 => AddressFamily.InterNetworkV6,
        _ => Errno.EAFNOSUPPORT,
    };

    public static Result<SocketType> ToType(int number) => number switch
    {
        Stream => SocketType.Stream,
        Datagram => SocketType.Dgram,
        _ => Errno.EPROTOTYPE,
    };

    public static ushort Of(AddressFamily family) => family == AddressFamily.InterNetwork ? Inet4 : Inet6;

    /// <summary>The protocol of sockets of a type.</summary>
    public static int ProtocolOf(int type) => type == Datagram ? Udp : Tcp;
}

/// <summary><c>MSG_…</c>: flags of a call that sends or receives.</summary>
[Flags]
internal enum MessageFlags
{
    None = 0,
    Peek = 2,
    Truncated = 0x20,
    DontWait = 0x40,
    WaitAll = 0x100,
    NoSignal = 0x4000,
    More = 0x8000,
    CloseOnExec = 0x40000000,

    /// <summary>Those that a call that sends may have: there are no signals, and what is sent is on its way at once.</summary>
    ForSending = DontWait | NoSignal | More,

    /// <summary>Those that a call that receives may have.</summary>
    ForReceiving = Peek | DontWait | WaitAll | NoSignal | CloseOnExec,
}
