using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Unicode;

namespace Fermata.Binary;

/// <summary>Reads the primitives of the binary format from a stretch of a module's bytes.</summary>
/// <remarks>
/// Sections 5.1 "Conventions" and 5.2 "Values". Positions are offsets from the start of the module. Every failure is a
/// <see cref="MalformedModuleException"/>.
/// </remarks>
internal ref struct ByteReader
{
    private readonly ReadOnlySpan<byte> _module;
    private readonly int _end;
    private int _position;

    public ByteReader(ReadOnlySpan<byte> module, int start, int end)
    {
        _module = module[..end];
        _position = start;
        _end = end;
    }

    /// <summary>The offset of the next byte.</summary>
    public readonly int Position => _position;

    public readonly bool IsAtEnd => _position >= _end;

    /// <summary>How many bytes are left.</summary>
    public readonly int Left => _end - _position;

    /// <summary>The next byte, which stays unread.</summary>
    public readonly byte PeekByte() => _position < _end ? _module[_position] : ThrowEnd();

    public byte ReadByte() => _position < _end ? _module[_position++] : ThrowEnd();

    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        if ((uint)count > (uint)Left)
            ThrowEnd();
        var bytes = _module.Slice(_position, count);
        _position += count;
        return bytes;
    }

    /// <summary>An unsigned 32-bit number (section 5.2.2 "Integers").</summary>
    public uint ReadU32()
    {
        if (_position < _end && _module[_position] < 0x80)
            return _module[_position++];
        return (uint)ReadUnsigned(32);
    }

    public ulong ReadU64() => ReadUnsigned(64);

    public int ReadS32() => (int)ReadSigned(32);

    /// <summary>A 33-bit signed number: a type index, or a negative type code.</summary>
    public long ReadS33() => ReadSigned(33);

    public long ReadS64() => ReadSigned(64);

    /// <summary>The four bytes of an <c>f32</c>, little endian (section 5.2.3 "Floating-Point").</summary>
    public uint ReadFixed32() => BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(4));

    /// <summary>The eight bytes of an <c>f64</c>, little endian.</summary>
    public ulong ReadFixed64() => BinaryPrimitives.ReadUInt64LittleEndian(ReadBytes(8));

    public Vector128<byte> ReadVector() => Vector128.Create(ReadBytes(16));

    /// <summary>An index; one that no index space can reach comes as <see cref="int.MaxValue"/>.</summary>
    public int ReadIndex() => (int)Math.Min(ReadU32(), int.MaxValue);

    /// <summary>The length of a list, whose items take at least so many bytes each (section 5.1.3 "Lists").</summary>
    /// <remarks>A length that the bytes left cannot hold is refused here, before anything is allocated for it.</remarks>
    public int ReadCount(int minimumBytesPerItem)
    {
        var count = ReadLength();
        if ((long)count * minimumBytesPerItem > Left)
            ThrowEnd();
        return count;
    }

    /// <summary>A name: its length and its characters in UTF-8 (section 5.2.4 "Names").</summary>
    public string ReadName()
    {
        var start = _position;
        var bytes = ReadBytes(ReadLength());
        if (!Utf8.IsValid(bytes))
            throw new MalformedModuleException("malformed UTF-8 encoding", start);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>The number of bytes or items that follow.</summary>
    /// <remarks>
    /// As the reference interpreter, this compares with what is left from the length itself on; what then still does not fit meets
    /// the end of the bytes.
    /// </remarks>
    public int ReadLength()
    {
        var start = _position;
        var length = ReadU32();
        if (length > (uint)(_end - start))
            throw new MalformedModuleException("length out of bounds", start);
        return (int)length;
    }

    private ulong ReadUnsigned(int bits)
    {
        var result = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            if (shift >= bits)
                ThrowTooLong();
            var b = ReadByte();
            if (bits - shift < 7 && (b & 0x7F) >> (bits - shift) != 0)
                ThrowTooLarge();
            result |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return result;
        }
    }

    private long ReadSigned(int bits)
    {
        var result = 0L;
        for (var shift = 0; ; shift += 7)
        {
            if (shift >= bits)
                ThrowTooLong();
            var b = ReadByte();
            if (bits - shift < 7)
            {
                // The unused bits repeat the sign.
                var unused = (-1 << (bits - shift - 1)) & 0x7F;
                if ((b & unused) != 0 && (b & unused) != unused)
                    ThrowTooLarge();
            }

            result |= (long)(b & 0x7F) << shift;
            if (b >= 0x80)
                continue;
            return (b & 0x40) != 0 && shift + 7 < 64 ? result | (-1L << (shift + 7)) : result;
        }
    }

    [DoesNotReturn]
    private readonly byte ThrowEnd() => throw new MalformedModuleException("unexpected end of section or function", _end);

    [DoesNotReturn]
    private readonly void ThrowTooLong() => throw new MalformedModuleException("integer representation too long", _position);

    [DoesNotReturn]
    private readonly void ThrowTooLarge() => throw new MalformedModuleException("integer too large", _position - 1);
}
