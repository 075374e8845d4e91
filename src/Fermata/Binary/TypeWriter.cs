using Fermata.Structure;

namespace Fermata.Binary;

/// <summary>Writes types, their indices mapped: the inverse of <see cref="TypeReader"/>.</summary>
/// <remarks>Section 5.3 "Types". What has several encodings gets the shortest.</remarks>
internal readonly struct TypeWriter(ByteWriter to, IndexMap indices)
{
    public void Write(ValType type) => to.WriteValType(indices.Map(type));

    public void Write(HeapType type) => to.WriteHeapType(indices.Map(type));

    public void Write(ValType[] types)
    {
        to.WriteUnsigned((ulong)types.Length);
        foreach (var type in types)
            Write(type);
    }

    /// <summary>A group of one is written as the definition alone, which is the same (section 5.3.8 "Recursive Types").</summary>
    public void Write(RecType group)
    {
        if (group.Members.Length != 1)
        {
            to.WriteByte(0x4E);
            to.WriteUnsigned((ulong)group.Members.Length);
        }

        foreach (var member in group.Members)
            Write(member);
    }

    public void Write(SubType type)
    {
        if (!type.IsFinal || type.Supertypes.Length > 0)
            WriteSupertypes(type);
        Write(type.Composite);
    }

    public void Write(TableType type)
    {
        Write(type.Element);
        to.WriteLimits(type.Limits, type.Is64, isShared: false);
    }

    public void Write(MemoryType type) => to.WriteLimits(type.Limits, type.Is64, type.IsShared);

    public void Write(GlobalType type)
    {
        Write(type.Type);
        to.WriteByte(type.IsMutable ? (byte)1 : (byte)0);
    }

    public void WriteTypeIndex(int index) => to.WriteUnsigned((ulong)MapType(index));

    public void WriteTag(int typeIndex)
    {
        to.WriteByte(0);
        WriteTypeIndex(typeIndex);
    }

    /// <summary>A block type is a value type or, as a signed number, a type index (section 5.4.2 "Control Instructions").</summary>
    public void Write(BlockType type)
    {
        if (type.Kind == BlockTypeKind.Empty)
            to.WriteByte(0x40);
        else if (type.Kind == BlockTypeKind.Result)
            Write(type.Result);
        else
            to.WriteSigned(MapType(type.TypeIndex));
    }

    private int MapType(int index) => indices.Map(NameSubsection.Type, index);

    private void WriteSupertypes(SubType type)
    {
        to.WriteByte(type.IsFinal ? (byte)0x4F : (byte)0x50);
        to.WriteUnsigned((ulong)type.Supertypes.Length);
        foreach (var supertype in type.Supertypes)
            WriteTypeIndex(supertype);
    }

    private void Write(CompositeType type)
    {
        switch (type)
        {
            case FuncType function:
                to.WriteByte(0x60);
                Write(function.ParameterArray);
                Write(function.ResultArray);
                break;
            case StructType structure:
                to.WriteByte(0x5F);
                to.WriteUnsigned((ulong)structure.Fields.Length);
                foreach (var field in structure.Fields)
                    Write(field);
                break;
            case ArrayType array:
                to.WriteByte(0x5E);
                Write(array.Element);
                break;
        }
    }

    private void Write(FieldType type)
    {
        if (type.Packing == Packing.None)
            Write(type.Type);
        else
            to.WriteByte(type.Packing == Packing.I8 ? (byte)0x78 : (byte)0x77);
        to.WriteByte(type.IsMutable ? (byte)1 : (byte)0);
    }
}
