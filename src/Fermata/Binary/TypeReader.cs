using Fermata.Structure;

namespace Fermata.Binary;

/// <summary>Reads types.</summary>
/// <remarks>Section 5.3 "Types". Type indices in what comes out are those of the module.</remarks>
internal static class TypeReader
{
    private const byte NonNullRef = 0x64;
    private const byte NullableRef = 0x63;
    private const byte Sub = 0x50;
    private const byte SubFinal = 0x4F;
    private const byte Rec = 0x4E;

    /// <summary>Section 5.3.3 "Heap Types": an abstract heap type in one byte, or a type index.</summary>
    public static HeapType ReadHeapType(ref ByteReader bytes)
    {
        if (!IsTypeCode(bytes.PeekByte()))
            return HeapType.Defined(ReadTypeIndexS33(ref bytes));
        var start = bytes.Position;
        return HeapType.FromCode(Signed(bytes.ReadByte())) ?? throw new MalformedModuleException("malformed heap type", start);
    }

    /// <summary>Section 5.3.4 "Reference Types".</summary>
    public static ValType ReadRefType(ref ByteReader bytes)
    {
        var start = bytes.Position;
        var code = bytes.ReadByte();
        if (code is NonNullRef or NullableRef)
            return ValType.Ref(code == NullableRef, ReadHeapType(ref bytes));
        if (IsTypeCode(code) && HeapType.FromCode(Signed(code)) is { } heap)
            return ValType.Ref(true, heap);
        throw MalformedCode(code, "malformed reference type", start);
    }

    /// <summary>Section 5.3.5 "Value Types".</summary>
    public static ValType ReadValType(ref ByteReader bytes)
    {
        ValType? number = bytes.PeekByte() switch
        {
            0x7F => ValType.I32,
            0x7E => ValType.I64,
            0x7D => ValType.F32,
            0x7C => ValType.F64,
            0x7B => ValType.V128,
            _ => null,
        };
        if (number is not { } type)
            return ReadRefType(ref bytes);
        bytes.ReadByte();
        return type;
    }

    /// <summary>Section 5.3.6 "Result Types": a list of value types.</summary>
    public static ValType[] ReadValTypes(ref ByteReader bytes)
    {
        var count = bytes.ReadCount(1);
        if (count == 0)
            return [];
        var types = new ValType[count];
        for (var i = 0; i < types.Length; i++)
            types[i] = ReadValType(ref bytes);
        return types;
    }

    /// <summary>A type index as a positive signed number of 33 bits.</summary>
    public static int ReadTypeIndexS33(ref ByteReader bytes)
    {
        var start = bytes.Position;
        var index = bytes.ReadS33();
        if (index < 0)
            throw new MalformedModuleException("malformed heap type", start);
        return (int)Math.Min(index, int.MaxValue);
    }

    /// <summary>Section 5.3.8 "Recursive Types": one recursive group, or one type that is its own group.</summary>
    public static SubType[] ReadRecType(ref ByteReader bytes)
    {
        if (bytes.PeekByte() != Rec)
            return [ReadSubType(ref bytes)];
        bytes.ReadByte();
        var members = new SubType[bytes.ReadCount(2)];
        for (var i = 0; i < members.Length; i++)
            members[i] = ReadSubType(ref bytes);
        return members;
    }

    public static SubType ReadSubType(ref ByteReader bytes)
    {
        var code = bytes.PeekByte();
        if (code is not (Sub or SubFinal))
            return new SubType(true, [], ReadCompositeType(ref bytes));
        bytes.ReadByte();
        var supertypes = new int[bytes.ReadCount(1)];
        for (var i = 0; i < supertypes.Length; i++)
            supertypes[i] = bytes.ReadIndex();
        return new SubType(code == SubFinal, supertypes, ReadCompositeType(ref bytes));
    }

    /// <summary>Section 5.3.7 "Composite Types".</summary>
    public static CompositeType ReadCompositeType(ref ByteReader bytes)
    {
        var start = bytes.Position;
        var code = bytes.ReadByte();
        return code switch
        {
            0x60 => ReadFuncType(ref bytes),
            0x5F => ReadStructType(ref bytes),
            0x5E => new ArrayType(ReadFieldType(ref bytes)),
            _ => throw MalformedCode(code, "malformed definition type", start),
        };
    }

    /// <summary>The parameters and results, after the code of function types.</summary>
    public static FuncType ReadFuncType(ref ByteReader bytes)
    {
        var parameters = ReadValTypes(ref bytes);
        return new FuncType(parameters, ReadValTypes(ref bytes));
    }

    /// <summary>Section 5.3.13 "Table Types".</summary>
    public static TableType ReadTableType(ref ByteReader bytes)
    {
        var element = ReadRefType(ref bytes);
        var limits = ReadLimits(ref bytes, mayBeShared: false, out var is64, out _);
        return new TableType(element, limits, is64);
    }

    /// <summary>Section 5.3.12 "Memory Types".</summary>
    public static MemoryType ReadMemoryType(ref ByteReader bytes)
    {
        var limits = ReadLimits(ref bytes, mayBeShared: true, out var is64, out var isShared);
        return new MemoryType(limits, is64, isShared);
    }

    /// <summary>Section 5.3.11 "Global Types".</summary>
    public static GlobalType ReadGlobalType(ref ByteReader bytes)
    {
        var type = ReadValType(ref bytes);
        return new GlobalType(type, ReadMutability(ref bytes));
    }

    /// <summary>Section 5.3.10 "Tag Types": the type index of a tag.</summary>
    public static int ReadTagType(ref ByteReader bytes)
    {
        var start = bytes.Position;
        if (bytes.ReadByte() != 0)
            throw new MalformedModuleException("malformed tag attribute", start);
        return bytes.ReadIndex();
    }

    /// <summary>Section 5.3.9 "Limits": bit 0 of the flags says that there is a maximum, bit 1 shared (threads), bit 2 64-bit.</summary>
    private static Limits ReadLimits(ref ByteReader bytes, bool mayBeShared, out bool is64, out bool isShared)
    {
        var start = bytes.Position;
        var flags = bytes.ReadByte();
        if ((flags & (mayBeShared ? 0xF8 : 0xFA)) != 0)
            throw new MalformedModuleException("malformed limits flags", start);
        is64 = (flags & 4) != 0;
        isShared = (flags & 2) != 0;
        var min = bytes.ReadU64();
        ulong? max = (flags & 1) == 0 ? null : bytes.ReadU64();
        return new Limits(min, max);
    }

    private static StructType ReadStructType(ref ByteReader bytes)
    {
        var fields = new FieldType[bytes.ReadCount(2)];
        for (var i = 0; i < fields.Length; i++)
            fields[i] = ReadFieldType(ref bytes);
        return new StructType(fields);
    }

    private static FieldType ReadFieldType(ref ByteReader bytes)
    {
        var packing = bytes.PeekByte() switch
        {
            0x78 => Packing.I8,
            0x77 => Packing.I16,
            _ => Packing.None,
        };
        ValType type = default;
        if (packing == Packing.None)
            type = ReadValType(ref bytes);
        else
            bytes.ReadByte();
        return new FieldType(type, packing, ReadMutability(ref bytes));
    }

    private static bool ReadMutability(ref ByteReader bytes)
    {
        var start = bytes.Position;
        return bytes.ReadByte() switch
        {
            0 => false,
            1 => true,
            _ => throw new MalformedModuleException("malformed mutability", start),
        };
    }

    /// <summary>Whether the byte is a whole negative number in signed LEB128, as all type codes are.</summary>
    private static bool IsTypeCode(byte code) => (code & 0xC0) == 0x40;

    /// <summary>Type codes are signed numbers of 7 bits, so one byte that says that more follow is too long.</summary>
    private static MalformedModuleException MalformedCode(byte code, string problem, int offset) =>
        new(code >= 0x80 ? "integer representation too long" : problem, offset);

    private static int Signed(byte code) => code - 0x80;
}
