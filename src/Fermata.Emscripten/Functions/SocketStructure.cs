using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fermata.Platform;
using Fermata.Platform.Network;

namespace Fermata.Emscripten.Functions;

/// <summary>An option of sockets whose value is more than a number.</summary>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Get">Tells the value, in a span of that size of zeros.</param>
/// <param name="Set">Sets the value, by a clock that measures times.</param>
internal sealed record SocketStructure(int Size, Action<GuestSocket, Span<byte>> Get, Func<GuestSocket, ReadOnlySpan<byte>, TimeProvider, Errno> Set)
{
    public const int LongestSize = 2 * sizeof(long);

    private const int MicrosecondsPerSecond = 1_000_000;

    /// <summary>The seconds of the longest time, which is some weeks: a longer one has no end, as none has that is zero.</summary>
    private const int MostSeconds = 4_000_000;

    /// <summary>A <c>struct linger</c>.</summary>
    public static SocketStructure Linger { get; } = new(
        2 * sizeof(int),
        static (socket, value) =>
        {
            var (isOn, seconds) = socket.Linger;
            Write(value, isOn ? 1 : 0, seconds);
        },
        static (socket, value, _) =>
        {
            var (isOn, seconds) = Read<int>(value);
            socket.Linger = (isOn != 0, seconds);
            return Errno.None;
        });

    /// <summary>What is taken and told as zero.</summary>
    public static SocketStructure IgnoredNumber { get; } = new(sizeof(int), static (_, _) => { }, static (_, _, _) => Errno.None);

    /// <summary>A <c>struct timeval</c>: how long calls wait.</summary>
    /// <typeparam name="T">The type of its seconds and microseconds.</typeparam>
    public static SocketStructure TimeOf<T>(bool isForReceiving)
        where T : unmanaged, IBinaryInteger<T> => new(
            2 * Unsafe.SizeOf<T>(),
            (socket, value) =>
            {
                var time = (isForReceiving ? socket.ReceiveTimeout : socket.SendTimeout)?.Time ?? TimeSpan.Zero;
                Write(value, T.CreateTruncating((long)time.TotalSeconds), T.CreateTruncating(time.Ticks / TimeSpan.TicksPerMicrosecond % MicrosecondsPerSecond));
            },
            (socket, value, clock) =>
            {
                var (seconds, microseconds) = Read<T>(value);
                if (T.IsNegative(microseconds) || microseconds >= T.CreateTruncating(MicrosecondsPerSecond))
                    return Errno.EDOM;
                var timeout = ToTimeout(long.CreateTruncating(seconds), long.CreateTruncating(microseconds), clock);
                if (isForReceiving)
                    socket.ReceiveTimeout = timeout;
                else
                    socket.SendTimeout = timeout;
                return Errno.None;
            });

    /// <summary>As Linux has it, nothing waits for a time before zero.</summary>
    private static SocketTimeout? ToTimeout(long seconds, long microseconds, TimeProvider clock) => (seconds, microseconds) switch
    {
        ( < 0, _) => new SocketTimeout(TimeSpan.Zero, clock),
        (0, 0) or ( > MostSeconds, _) => null,
        _ => new SocketTimeout(TimeSpan.FromSeconds(seconds, microseconds: microseconds), clock),
    };

    private static (T First, T Second) Read<T>(ReadOnlySpan<byte> value)
        where T : unmanaged => (MemoryMarshal.Read<T>(value), MemoryMarshal.Read<T>(value[Unsafe.SizeOf<T>()..]));

    private static void Write<T>(Span<byte> value, T first, T second)
        where T : unmanaged
    {
        MemoryMarshal.Write(value, first);
        MemoryMarshal.Write(value[Unsafe.SizeOf<T>()..], second);
    }
}
