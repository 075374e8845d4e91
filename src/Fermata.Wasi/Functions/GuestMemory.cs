using static System.FormattableString;

namespace Fermata.Wasi.Functions;

/// <summary>
/// The memory of whoever calls. Its addresses and lengths are unsigned numbers of 32 bits, and a range that is not inside it is a trap, as it would be in the program itself.
/// </summary>
internal static class GuestMemory
{
    /// <summary>A range of bytes, or the first 2 GiB of it.</summary>
    /// <exception cref="MemoryTrapException">It is not inside the memory.</exception>
    public static Span<byte> GetSpan(this Caller caller, int address, int length) => GetSpan(caller, (uint)address, (uint)length);

    /// <inheritdoc cref="GetSpan(Caller, int, int)"/>
    public static Span<byte> GetSpan(this Caller caller, ulong address, uint length)
    {
        var memory = caller.Memory;
        var bytes = (ulong)memory.ByteLength;
        if (address > bytes || length > bytes - address)
            throw new MemoryTrapException(Invariant($"by a function of the host: {length} bytes at address {address}, where the memory has {bytes}"));
        return memory.GetSpan(address, (int)Math.Min(length, int.MaxValue));
    }

    /// <summary>Reads a number or a structure.</summary>
    /// <exception cref="MemoryTrapException">Its place is not inside the memory.</exception>
    public static unsafe T Read<T>(this Caller caller, ulong address)
        where T : unmanaged
    {
        _ = GetSpan(caller, address, (uint)sizeof(T));
        return caller.Memory.Read<T>(address);
    }

    /// <inheritdoc cref="Read{T}(Caller, ulong)"/>
    public static T Read<T>(this Caller caller, int address)
        where T : unmanaged => Read<T>(caller, (uint)address);

    /// <summary>Writes a number or a structure.</summary>
    /// <exception cref="MemoryTrapException">Its place is not inside the memory.</exception>
    public static unsafe void Write<T>(this Caller caller, ulong address, T value)
        where T : unmanaged
    {
        _ = GetSpan(caller, address, (uint)sizeof(T));
        caller.Memory.Write(address, value);
    }

    /// <inheritdoc cref="Write{T}(Caller, ulong, T)"/>
    public static void Write<T>(this Caller caller, int address, T value)
        where T : unmanaged => Write(caller, (uint)address, value);
}
