using System.Buffers.Binary;

namespace Fermata.Wasi.Tests;

/// <summary>An event as a program reads it.</summary>
internal sealed record PollEvent(long UserData, Errno Error, byte Tag, long Bytes, bool IsHungUp)
{
    public static PollEvent ReadFrom(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt64LittleEndian(bytes),
        (Errno)BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]),
        bytes[10],
        BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[24..]) == 1);
}
