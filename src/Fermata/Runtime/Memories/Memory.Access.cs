using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Fermata;

public sealed unsafe partial class Memory
{
    // The longest string that .NET has.
    private const int MaxStringLength = 0x3FFFFFDF;

    /// <summary>All bytes. For how long a span may be kept, see the remarks of <see cref="Memory"/>.</summary>
    /// <exception cref="InvalidOperationException">
    /// The memory is too large for a span (2 GiB or more); use <see cref="GetSpan(ulong, int)"/>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    public Span<byte> Span
    {
        get
        {
            RequireUsable();
            var length = ByteLength;
            if (length > int.MaxValue)
                throw new InvalidOperationException($"a memory of {length} bytes is too large for one span");
            return new Span<byte>((void*)Base, (int)length);
        }
    }

    /// <summary>A range of bytes. For how long a span may be kept, see the remarks of <see cref="Memory"/>.</summary>
    /// <param name="address">The address of the first byte.</param>
    /// <param name="length">The number of bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the memory.</exception>
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    public Span<byte> GetSpan(ulong address, int length)
    {
        RequireRange(address, length);
        return new Span<byte>((byte*)Base + address, length);
    }

    /// <inheritdoc cref="GetSpan(ulong, int)"/>
    public Span<byte> GetSpan(int address, int length) => GetSpan((uint)address, length);

    /// <summary>Reads a number, or a structure without references as it lies in the memory of this process.</summary>
    /// <param name="address">The address of its first byte; it need not be aligned.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the memory.</exception>
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    public T Read<T>(ulong address)
        where T : unmanaged
    {
        RequireRange(address, sizeof(T));
        var value = Unsafe.ReadUnaligned<T>((byte*)Base + address);
        GC.KeepAlive(this); // the last user of a memory must not see it freed
        return value;
    }

    /// <inheritdoc cref="Read{T}(ulong)"/>
    public T Read<T>(int address)
        where T : unmanaged => Read<T>((uint)address);

    /// <summary>Writes a number, or a structure without references as it lies in the memory of this process.</summary>
    /// <param name="address">The address of its first byte; it need not be aligned.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the memory; nothing was written.</exception>
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    public void Write<T>(ulong address, T value)
        where T : unmanaged
    {
        RequireRange(address, sizeof(T));
        Unsafe.WriteUnaligned((byte*)Base + address, value);
        GC.KeepAlive(this);
    }

    /// <inheritdoc cref="Write{T}(ulong, T)"/>
    public void Write<T>(int address, T value)
        where T : unmanaged => Write((uint)address, value);

    /// <summary>Reads a text that ends with a zero byte, as C strings do. What is no UTF-8 becomes U+FFFD.</summary>
    /// <param name="address">The address of the first byte.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no zero byte from there on.</exception>
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    public string ReadUtf8(ulong address)
    {
        RequireUsable();
        RequireRange(address, 0);
        var rest = new ReadOnlySpan<byte>((byte*)Base + address, (int)Math.Min(Length - address, MaxStringLength));
        int length = rest.IndexOf((byte)0);
        if (length < 0)
            throw new ArgumentOutOfRangeException(nameof(address), Invariant($"the text at address {address} has no zero byte at its end"));
        return Decode(rest[..length]);
    }

    /// <inheritdoc cref="ReadUtf8(ulong)"/>
    public string ReadUtf8(int address) => ReadUtf8((uint)address);

    /// <summary>Reads a text of known length. What is no UTF-8 becomes U+FFFD.</summary>
    /// <param name="address">The address of the first byte.</param>
    /// <param name="byteLength">The number of bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the memory.</exception>
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    public string ReadUtf8(ulong address, int byteLength) => Decode(GetSpan(address, byteLength));

    /// <inheritdoc cref="ReadUtf8(ulong, int)"/>
    public string ReadUtf8(int address, int byteLength) => ReadUtf8((uint)address, byteLength);

    /// <summary>Writes a text as UTF-8.</summary>
    /// <param name="address">The address of the first byte.</param>
    /// <param name="text">The text; lone surrogates become U+FFFD.</param>
    /// <param name="zeroTerminated">Whether a zero byte is to follow, as in C strings.</param>
    /// <returns>The number of bytes written, the zero byte included.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The text does not fit into the memory there; nothing was written.</exception>
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    public int WriteUtf8(ulong address, ReadOnlySpan<char> text, bool zeroTerminated = false)
    {
        int length = checked(Encoding.UTF8.GetByteCount(text) + (zeroTerminated ? 1 : 0));
        var bytes = GetSpan(address, length);
        Encoding.UTF8.GetBytes(text, bytes);
        if (zeroTerminated)
            bytes[^1] = 0;
        GC.KeepAlive(this);
        return length;
    }

    /// <inheritdoc cref="WriteUtf8(ulong, ReadOnlySpan{char}, bool)"/>
    public int WriteUtf8(int address, ReadOnlySpan<char> text, bool zeroTerminated = false) =>
        WriteUtf8((uint)address, text, zeroTerminated);

    /// <summary>Wakes WebAssembly code that waits at an address of a shared memory, as <c>memory.atomic.notify</c> does.</summary>
    /// <remarks>Suspended calls that are woken go on on threads of the pool.</remarks>
    /// <param name="address">The address, which need not be aligned.</param>
    /// <param name="count">How many to wake at most; those who came first are first.</param>
    /// <returns>How many were woken; always 0 at a memory that is not shared.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The address is not inside the memory, or the count is negative.</exception>
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    public int Notify(ulong address, int count = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        RequireRange(address, 1);
        return Waiters?.Notify(address, (uint)count) ?? 0;
    }

    /// <inheritdoc cref="Notify(ulong, int)"/>
    public int Notify(int address, int count = int.MaxValue) => Notify((uint)address, count);

    /// <summary>The text that bytes of the memory are. Of a shared memory they are copied first, as the decoder reads them more than once.</summary>
    private string Decode(ReadOnlySpan<byte> utf8)
    {
        var text = Encoding.UTF8.GetString(Waiters is null ? utf8 : utf8.ToArray());
        GC.KeepAlive(this);
        return text;
    }

    private void RequireRange(ulong address, int length)
    {
        if (length < 0 || address > Length || (ulong)length > Length - address)
            ThrowOutOfRange(address, length);
    }

    [DoesNotReturn]
    [StackTraceHidden]
    private void ThrowOutOfRange(ulong address, int length)
    {
        RequireUsable();
        if (length < 0)
            throw new ArgumentOutOfRangeException(nameof(length), Invariant($"the length {length} is negative"));
        throw new ArgumentOutOfRangeException(
            nameof(address), Invariant($"{length} bytes at address {address} are outside the memory, which has {Length} bytes"));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
