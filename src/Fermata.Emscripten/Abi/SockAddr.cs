using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Fermata.Platform;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.Abi;

/// <summary><c>struct sockaddr_in</c> and <c>struct sockaddr_in6</c>: family, port, address, where port and address are in the order of the network.</summary>
internal static class SockAddr
{
    public const int LongestSize = 28;

    private const int Size4 = 16, Size6 = LongestSize, LongestStorage = 128;

    private const int PortOffset = 2, Offset4 = 4, Length4 = 4, Offset6 = 8, Length6 = 16, ScopeOffset = 24;

    public static int SizeOf(IPEndPoint address) => address.AddressFamily == AddressFamily.InterNetwork ? Size4 : Size6;

    /// <summary>Reads an address.</summary>
    /// <returns><see cref="Errno.EINVAL"/> if it is too short, <see cref="Errno.EAFNOSUPPORT"/> if it is of another family.</returns>
    /// <exception cref="MemoryTrapException">It is not inside the memory.</exception>
    public static Result<IPEndPoint> Read(Caller caller, int address, int length)
    {
        if (length is < sizeof(ushort) or > LongestStorage)
            return Errno.EINVAL;
        ReadOnlySpan<byte> bytes = caller.GetSpan(address, length);
        if (!SocketNumbers.ToFamily(MemoryMarshal.Read<ushort>(bytes)).TryGet(out var family, out var error))
            return error;
        if (length < (family == AddressFamily.InterNetwork ? Size4 : Size6))
            return Errno.EINVAL;
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[PortOffset..]);
        return family == AddressFamily.InterNetwork
            ? new IPEndPoint(new IPAddress(bytes.Slice(Offset4, Length4)), port)
            : new IPEndPoint(new IPAddress(bytes.Slice(Offset6, Length6), MemoryMarshal.Read<uint>(bytes[ScopeOffset..])), port);
    }

    /// <summary>Writes an address.</summary>
    /// <param name="target">Where to, as many bytes as <see cref="SizeOf"/> says.</param>
    /// <param name="address">The address.</param>
    public static void Write(Span<byte> target, IPEndPoint address)
    {
        target.Clear();
        MemoryMarshal.Write(target, SocketNumbers.Of(address.AddressFamily));
        BinaryPrimitives.WriteUInt16BigEndian(target[PortOffset..], (ushort)address.Port);
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            address.Address.TryWriteBytes(target[Offset4..], out _);
        }
        else
        {
            address.Address.TryWriteBytes(target[Offset6..], out _);
            MemoryMarshal.Write(target[ScopeOffset..], (uint)address.Address.ScopeId);
        }
    }

    /// <summary>Writes an address to where a program has room for one, as much of it as that is, and how long it is.</summary>
    /// <param name="caller">Whoever calls.</param>
    /// <param name="address">The address; null if there is none to tell, which is one without bytes.</param>
    /// <param name="target">Where to; nowhere if it is null.</param>
    /// <param name="length">Where the room is told, and how long the address is; if it is null, there is nothing to write.</param>
    /// <exception cref="MemoryTrapException">Its place is not inside the memory.</exception>
    public static void Write(Caller caller, IPEndPoint? address, int target, int length)
    {
        if (target == 0 || length == 0)
            return;
        Span<byte> whole = stackalloc byte[address is null ? 0 : SizeOf(address)];
        if (address is not null)
            Write(whole, address);
        var written = whole[..(int)Math.Min(caller.Read<uint>(length), (uint)whole.Length)];
        written.CopyTo(caller.GetSpan(target, written.Length));
        caller.Write(length, whole.Length);
    }
}
