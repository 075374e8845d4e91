using System.Runtime.InteropServices;

namespace Fermata;

/// <summary>The kinds of <see cref="ValType"/>.</summary>
public enum ValKind : byte
{
    /// <summary>The type of an operand in unreachable code: it fits wherever an operand is wanted.</summary>
    Bottom,

    /// <summary>32-bit integers.</summary>
    I32,

    /// <summary>64-bit integers.</summary>
    I64,

    /// <summary>32-bit floating-point numbers.</summary>
    F32,

    /// <summary>64-bit floating-point numbers.</summary>
    F64,

    /// <summary>128-bit vectors.</summary>
    V128,

    /// <summary>References.</summary>
    Ref,
}

/// <summary>The type of a WebAssembly value: a number, a vector or a reference.</summary>
/// <remarks>WebAssembly 3.0, section 2.3.6 "Value Types".</remarks>
public readonly record struct ValType
{
    private ValType(ValKind kind, bool nullable, HeapType heap)
    {
        Kind = kind;
        IsNullable = nullable;
        Heap = heap;
    }

    /// <summary>The kind of the type.</summary>
    public ValKind Kind { get; }

    /// <summary>For a reference: whether it may be null.</summary>
    public bool IsNullable { get; }

    /// <summary>For a reference: what it refers to.</summary>
    public HeapType Heap { get; }

    /// <summary>Whether the type is a reference type.</summary>
    public bool IsRef => Kind == ValKind.Ref;

    /// <summary>32-bit integers: <see cref="int"/>.</summary>
    public static ValType I32 => new(ValKind.I32, false, default);

    /// <summary>64-bit integers: <see cref="long"/>.</summary>
    public static ValType I64 => new(ValKind.I64, false, default);

    /// <summary>32-bit floating-point numbers: <see cref="float"/>.</summary>
    public static ValType F32 => new(ValKind.F32, false, default);

    /// <summary>64-bit floating-point numbers: <see cref="double"/>.</summary>
    public static ValType F64 => new(ValKind.F64, false, default);

    /// <summary>128-bit vectors.</summary>
    public static ValType V128 => new(ValKind.V128, false, default);

    /// <summary>Nullable references to functions: <c>Function</c>.</summary>
    public static ValType FuncRef => Ref(true, HeapType.Func);

    /// <summary>Nullable references to any .NET object.</summary>
    public static ValType ExternRef => Ref(true, HeapType.Extern);

    internal static ValType Bottom => default;

    /// <summary>A reference type.</summary>
    public static ValType Ref(bool nullable, HeapType heap) => new(ValKind.Ref, nullable, heap);

    /// <summary>Whether a variable of the type has a default value (section 4.2.1 "Values").</summary>
    internal bool IsDefaultable => !IsRef || IsNullable;

    /// <summary>The same reference without null.</summary>
    internal ValType NonNull => Ref(false, Heap);

    /// <inheritdoc/>
    public bool Equals(ValType other) => Kind == other.Kind && IsNullable == other.IsNullable && Heap.Equals(other.Heap);

    /// <inheritdoc/>
    public override int GetHashCode() => ((int)Kind << 1) + (IsNullable ? 1 : 0) + (Heap.GetHashCode() << 4);

    /// <summary>Whether two lists are known to be equal, by their bytes: far faster for long ones than to compare type by type.</summary>
    internal static bool AreSame(ReadOnlySpan<ValType> left, ReadOnlySpan<ValType> right) =>
        MemoryMarshal.AsBytes(left).SequenceEqual(MemoryMarshal.AsBytes(right));

    /// <summary>The type in the text format.</summary>
    public override string ToString() => Kind switch
    {
        ValKind.I32 => "i32",
        ValKind.I64 => "i64",
        ValKind.F32 => "f32",
        ValKind.F64 => "f64",
        ValKind.V128 => "v128",
        ValKind.Bottom => "bot",
        _ when IsNullable && !Heap.IsDefined && Heap != HeapType.Bottom => ShorthandName(Heap),
        _ => IsNullable ? $"(ref null {Heap})" : $"(ref {Heap})",
    };

    private static string ShorthandName(HeapType heap) =>
        heap == HeapType.None ? "nullref"
        : heap == HeapType.NoFunc ? "nullfuncref"
        : heap == HeapType.NoExtern ? "nullexternref"
        : heap == HeapType.NoExn ? "nullexnref"
        : heap + "ref";
}
