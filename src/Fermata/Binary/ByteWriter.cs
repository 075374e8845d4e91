using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Text;
using Fermata.Structure;

namespace Fermata.Binary;

/// <summary>Bytes in the encodings of sections 5.2 "Values" and 5.3 "Types", with marks to the text that they come from.</summary>
internal sealed class ByteWriter
{
    private readonly List<SourceMark> _marks = [];
    private byte[] _bytes = new byte[64];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    public IReadOnlyList<SourceMark> Marks => _marks;

    /// <summary>Says where in the text the next bytes come from.</summary>
    public void Mark(int textOffset) => _marks.Add(new SourceMark(Length, textOffset));

    public void WriteByte(byte value) => Reserve(1)[0] = value;

    public void Write(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    /// <summary>Writes an unsigned number in LEB128.</summary>
    public void WriteUnsigned(ulong value)
    {
        while (value >= 0x80)
        {
            WriteByte((byte)(value | 0x80));
            value >>= 7;
        }

        WriteByte((byte)value);
    }

    /// <summary>Writes a signed number in LEB128.</summary>
    public void WriteSigned(long value)
    {
        while (value is < -0x40 or >= 0x40)
        {
            WriteByte((byte)(value | 0x80));
            value >>= 7;
        }

        WriteByte((byte)(value & 0x7F));
    }

    public void WriteFixed32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);

    public void WriteFixed64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);

    public void WriteVector(Vector128<byte> value) => value.CopyTo(Reserve(16));

    /// <summary>Writes bytes after their number.</summary>
    public void WriteSized(ReadOnlySpan<byte> bytes)
    {
        WriteUnsigned((ulong)bytes.Length);
        Write(bytes);
    }

    /// <summary>Section 5.2.4 "Names".</summary>
    public void WriteName(string name) => WriteSized(Encoding.UTF8.GetBytes(name));

    public void WriteOpcode(Opcode opcode)
    {
        if ((int)opcode <= 0xFF)
        {
            WriteByte((byte)opcode);
            return;
        }

        WriteByte((byte)((int)opcode >> 12));
        WriteUnsigned((ulong)((int)opcode & 0xFFF));
    }

    /// <summary>Section 5.3.3 "Heap Types": an abstract type is a negative number of one byte.</summary>
    public void WriteHeapType(HeapType type) => WriteSigned(type.Number);

    /// <summary>Section 5.3.4 "Reference Types"; a nullable reference to an abstract type takes its short form.</summary>
    public void WriteValType(ValType type)
    {
        if (!type.IsRef)
        {
            // i32 is 0x7f, the kinds after it count down.
            WriteByte((byte)(0x7F - (type.Kind - ValKind.I32)));
            return;
        }

        if (!type.IsNullable || type.Heap.IsDefined)
            WriteByte(type.IsNullable ? (byte)0x63 : (byte)0x64);
        WriteHeapType(type.Heap);
    }

    public void WriteValTypes(IReadOnlyCollection<ValType> types)
    {
        WriteUnsigned((ulong)types.Count);
        foreach (var type in types)
            WriteValType(type);
    }

    /// <summary>Section 5.3.9 "Limits": bit 0 of the flags says that there is a maximum, bit 1 shared (threads), bit 2 64-bit.</summary>
    public void WriteLimits(Limits limits, bool is64, bool isShared)
    {
        WriteByte((byte)((limits.Max is null ? 0 : 1) | (isShared ? 2 : 0) | (is64 ? 4 : 0)));
        WriteUnsigned(limits.Min);
        if (limits.Max is { } max)
            WriteUnsigned(max);
    }

    /// <summary>Appends what another writer holds, with its marks.</summary>
    public void Append(ByteWriter other)
    {
        foreach (var mark in other._marks)
            _marks.Add(mark with { Offset = mark.Offset + Length });
        Write(other.Bytes);
    }

    /// <summary>Appends what another writer holds after its length.</summary>
    public void AppendSized(ByteWriter other)
    {
        WriteUnsigned((ulong)other.Length);
        Append(other);
    }

    /// <summary>Forgets the bytes from an offset on. There must be no marks in them.</summary>
    public void Truncate(int length) => Length = length;

    public void Clear()
    {
        Length = 0;
        _marks.Clear();
    }

    private Span<byte> Reserve(int count)
    {
        if (_bytes.Length - Length < count)
            Array.Resize(ref _bytes, Math.Max(Length + count, _bytes.Length * 2));
        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}
