using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Fermata.Platform;
using Fermata.Wasi.Functions;

namespace Fermata.Wasi;

/// <summary>
/// An address of WasmEdge's sockets: where its bytes are, and how many. They are 4 of IPv4 or 16 of IPv6; or 128, of which the first two are the family.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct SocketAddress(uint Buffer, uint Length)
{
    private const int StorageLength = 128;
    private const int FamilyLength = 2;

    /// <summary>Reads an address.</summary>
    /// <returns><see cref="Errno.EINVAL"/> if it has another length, or the port is none; <see cref="Errno.EAFNOSUPPORT"/> if it is of another family.</returns>
    public static Result<IPEndPoint> Read(Caller caller, int address, int port)
    {
        var found = caller.Read<SocketAddress>(address);
        if ((uint)port > IPEndPoint.MaxPort || found.Length is not (4 or 16 or StorageLength))
            return Errno.EINVAL;
        ReadOnlySpan<byte> bytes = caller.GetSpan(found.Buffer, found.Length);
        if (bytes.Length == StorageLength)
        {
            if (!SocketNumbers.ToFamily(BinaryPrimitives.ReadUInt16LittleEndian(bytes)).TryGet(out var family))
                return Errno.EAFNOSUPPORT;
            bytes = bytes.Slice(FamilyLength, family == AddressFamily.InterNetwork ? 4 : 16);
        }

        return new IPEndPoint(new IPAddress(bytes), port);
    }

    /// <summary>Writes an address.</summary>
    /// <returns><see cref="Errno.EINVAL"/> if there is no room for it.</returns>
    public static Errno Write(Caller caller, int address, IPAddress value)
    {
        var room = caller.Read<SocketAddress>(address);
        var bytes = value.GetAddressBytes();
        if (room.Length < bytes.Length)
            return Errno.EINVAL;
        var target = caller.GetSpan(room.Buffer, Math.Min(room.Length, StorageLength));
        if (room.Length >= StorageLength)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(target, SocketNumbers.Of(value.AddressFamily));
            target = target[FamilyLength..];
        }

        bytes.CopyTo(target);
        return Errno.None;
    }
}
