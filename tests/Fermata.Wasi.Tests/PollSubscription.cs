using System.Buffers.Binary;

namespace Fermata.Wasi.Tests;

/// <summary>A subscription as a program writes it.</summary>
internal sealed record PollSubscription(long UserData, byte Tag, int Number, ulong Timeout = 0, ushort Flags = 0)
{
    public static PollSubscription Read(int fd) => new(fd, 1, fd);

    public static PollSubscription Write(int fd) => new(fd, 2, fd);

    public static PollSubscription After(TimeSpan time, int clock = 1) => new(0, 0, clock, (ulong)time.Ticks * 100);

    public static PollSubscription At(ulong nanoseconds, int clock) => new(0, 0, clock, nanoseconds, 1);

    public void WriteTo(Span<byte> bytes)
    {
        bytes.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, UserData);
        bytes[8] = Tag;
        BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], Number);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], Timeout);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[40..], Flags);
    }
}
