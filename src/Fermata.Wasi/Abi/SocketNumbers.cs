using System.Net.Sockets;
using Fermata.Platform;

namespace Fermata.Wasi;

/// <summary>Numbers of WasmEdge's sockets.</summary>
internal static class SocketNumbers
{
    private const byte Inet4 = 1;
    private const byte Inet6 = 2;

    /// <summary>What a program may take for either family, or for either type.</summary>
    public const byte Any = 0;

    public static Result<AddressFamily> ToFamily(int number) => number switch
    {
        Inet4 => AddressFamily.InterNetwork,
        Inet6 => AddressFamily.InterNetworkV6,
        _ => Errno.EAFNOSUPPORT,
    };

    public static Result<SocketType> ToType(int number) => number switch
    {
        1 => SocketType.Dgram,
        2 => SocketType.Stream,
        _ => Errno.EPROTOTYPE,
    };

    public static byte Of(AddressFamily family) => family == AddressFamily.InterNetwork ? Inet4 : Inet6;
}
