using System.Buffers;
using System.Runtime.InteropServices;

namespace Fermata.Wasi.Functions;

/// <summary>Bytes on their way between a program's memory and what they are read from or written to, so that nothing touches the memory while a call waits.</summary>
/// <param name="Array">A rented array.</param>
/// <param name="Count">How many bytes of it are used.</param>
internal readonly record struct IoBuffer(byte[] Array, int Count)
{
    /// <summary>A call reads or writes at most so many bytes; a program that has more to do calls again.</summary>
    private const int MostBytes = 16 * 1024 * 1024;

    /// <summary>How many vectors a call may have, as with <c>IOV_MAX</c> of Linux.</summary>
    private const int MostVectors = 1024;

    public Memory<byte> Memory => Array.AsMemory(0, Count);

    /// <summary>Whether a call has more vectors than it may have.</summary>
    public static bool HasTooMany(int vectors) => (uint)vectors > MostVectors;

    /// <summary>A buffer for as many bytes as vectors take. The memory that they tell of must be there.</summary>
    public static IoBuffer Rent(Caller caller, scoped ReadOnlySpan<IoVector> vectors)
    {
        var length = 0L;
        foreach (var vector in vectors)
        {
            _ = caller.GetSpan(vector.Buffer, vector.Length);
            length += vector.Length;
        }

        var used = (int)Math.Min(length, MostBytes);
        return new IoBuffer(ArrayPool<byte>.Shared.Rent(used), used);
    }

    /// <inheritdoc cref="Rent(Caller, ReadOnlySpan{IoVector})"/>
    public static IoBuffer Rent(Caller caller, int vectors, int count) => Rent(caller, Vectors(caller, vectors, count));

    /// <summary>The bytes that vectors tell of.</summary>
    public static IoBuffer Gather(Caller caller, scoped ReadOnlySpan<IoVector> vectors)
    {
        var buffer = Rent(caller, vectors);
        var rest = buffer.Memory.Span;
        var copy = new GuestCopy(caller);
        foreach (var vector in vectors)
        {
            var length = (int)Math.Min(vector.Length, (uint)rest.Length);
            copy.Copy(caller.GetSpan(vector.Buffer, (uint)length), rest);
            rest = rest[length..];
        }

        // Another thread may have made the vectors shorter meanwhile; what else is in the array is no business of the program.
        return buffer with { Count = buffer.Count - rest.Length };
    }

    /// <inheritdoc cref="Gather(Caller, ReadOnlySpan{IoVector})"/>
    public static IoBuffer Gather(Caller caller, int vectors, int count) => Gather(caller, Vectors(caller, vectors, count));

    /// <summary>Vectors in a program's memory.</summary>
    public static ReadOnlySpan<IoVector> Vectors(Caller caller, int vectors, int count) =>
        MemoryMarshal.Cast<byte, IoVector>(caller.GetSpan(vectors, count * Marshal.SizeOf<IoVector>()));

    /// <summary>Copies the first bytes to where vectors tell.</summary>
    public void Scatter(Caller caller, scoped ReadOnlySpan<IoVector> vectors, int bytes)
    {
        var rest = Array.AsSpan(0, bytes);
        var copy = new GuestCopy(caller);
        foreach (var vector in vectors)
        {
            if (rest.IsEmpty)
                return;
            var length = (int)Math.Min(vector.Length, (uint)rest.Length);
            copy.Copy(rest[..length], caller.GetSpan(vector.Buffer, (uint)length));
            rest = rest[length..];
        }
    }

    /// <summary>Gives the array back.</summary>
    public void Return()
    {
        if (Array is not null)
            ArrayPool<byte>.Shared.Return(Array);
    }
}
