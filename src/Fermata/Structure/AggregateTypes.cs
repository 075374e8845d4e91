namespace Fermata.Structure;

/// <summary>The packed types that a field may have beside the value types (section 2.3.9 "Composite Types").</summary>
internal enum Packing : byte
{
    None,
    I8,
    I16,
}

/// <summary>A field of a structure or the element of an array.</summary>
internal readonly record struct FieldType(ValType Type, Packing Packing, bool IsMutable)
{
    /// <summary>The type that the field has on the operand stack.</summary>
    public ValType Unpacked => Packing == Packing.None ? Type : ValType.I32;
}

internal sealed class StructType(FieldType[] fields) : CompositeType
{
    public FieldType[] Fields { get; } = fields;
}

internal sealed class ArrayType(FieldType element) : CompositeType
{
    public FieldType Element { get; } = element;
}
