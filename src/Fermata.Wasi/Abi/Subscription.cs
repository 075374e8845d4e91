using System.Buffers.Binary;

namespace Fermata.Wasi;

/// <summary><c>subscription</c>.</summary>
/// <param name="UserData">What the event is given back with.</param>
/// <param name="Type">What is waited for; a number beyond the enumeration is no valid one.</param>
/// <param name="Descriptor">The file descriptor, where one is waited for.</param>
/// <param name="Clock">The clock, where its time is waited for.</param>
/// <param name="Timeout">The time in nanoseconds.</param>
/// <param name="IsAbsolute">Whether that is a time of the clock rather than one from now.</param>
internal readonly record struct Subscription(ulong UserData, EventType Type, int Descriptor, int Clock, ulong Timeout, bool IsAbsolute)
{
    /// <summary>Its bytes in preview 1.</summary>
    public const int Size = 48;

    /// <summary>Its bytes in <c>wasi_unstable</c>, in which a clock has a name of its own before its number.</summary>
    public const int UnstableSize = 56;

    private const int Variant = 16;

    /// <summary>Reads one from memory.</summary>
    /// <param name="bytes">Its bytes, <see cref="Size"/> or <see cref="UnstableSize"/> of them.</param>
    public static Subscription Read(ReadOnlySpan<byte> bytes)
    {
        var clock = bytes[(Variant + bytes.Length - Size)..];
        return new Subscription(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes),
            (EventType)bytes[8],
            BinaryPrimitives.ReadInt32LittleEndian(bytes[Variant..]),
            BinaryPrimitives.ReadInt32LittleEndian(clock),
            BinaryPrimitives.ReadUInt64LittleEndian(clock[8..]),
            (BinaryPrimitives.ReadUInt16LittleEndian(clock[24..]) & 1) != 0);
    }
}
