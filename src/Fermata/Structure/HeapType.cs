namespace Fermata;

/// <summary>What a reference refers to: an abstract heap type, or a type that a module defines.</summary>
/// <remarks>
/// WebAssembly 3.0, section 2.3.4 "Heap Types". A defined type is named by a number: in a decoded module it is the
/// module's type index; from validation on it is the identity that the engine gave to the type, so that equal types
/// of different modules have equal numbers. The number does not keep the type: it is gone when no module, function, table, global, tag or object of the engine
/// has it any more, and the number means nothing then.
/// </remarks>
public readonly record struct HeapType
{
    private readonly int _code;

    private HeapType(int code) => _code = code;

    /// <summary>Functions of any type.</summary>
    public static HeapType Func => new(-0x10);

    /// <summary>Any .NET object.</summary>
    public static HeapType Extern => new(-0x11);

    /// <summary>The top of the internal types.</summary>
    public static HeapType Any => new(-0x12);

    /// <summary>Values that can be compared with <c>ref.eq</c>.</summary>
    public static HeapType Eq => new(-0x13);

    /// <summary>31-bit integers as references.</summary>
    public static HeapType I31 => new(-0x14);

    /// <summary>Structures of any type.</summary>
    public static HeapType Struct => new(-0x15);

    /// <summary>Arrays of any type.</summary>
    public static HeapType Array => new(-0x16);

    /// <summary>Exceptions.</summary>
    public static HeapType Exn => new(-0x17);

    /// <summary>The bottom of the internal types.</summary>
    public static HeapType None => new(-0x0F);

    /// <summary>The bottom of the external types.</summary>
    public static HeapType NoExtern => new(-0x0E);

    /// <summary>The bottom of the function types.</summary>
    public static HeapType NoFunc => new(-0x0D);

    /// <summary>The bottom of the exception types.</summary>
    public static HeapType NoExn => new(-0x0C);

    /// <summary>The type of an operand in unreachable code; below every other.</summary>
    internal static HeapType Bottom => new(int.MinValue);

    /// <summary>A type that a module defines.</summary>
    /// <param name="number">Type index or identity; see the remarks of <see cref="HeapType"/>.</param>
    internal static HeapType Defined(int number) => new(number);

    /// <summary>Whether this is a type that a module defines.</summary>
    public bool IsDefined => _code >= 0;

    /// <summary>The number of a defined type.</summary>
    internal int Number => _code;

    /// <summary>The single-byte code of an abstract heap type (section 5.3.3 "Heap Types"), as a signed LEB128 value.</summary>
    /// <remarks>Zero is <c>-0x40</c> in that code, so <c>func</c>, byte 0x70, is -0x10.</remarks>
    internal static HeapType? FromCode(long code) => code is <= -0x0C and >= -0x17 ? new((int)code) : null;

    /// <inheritdoc/>
    public bool Equals(HeapType other) => _code == other._code;

    /// <inheritdoc/>
    public override int GetHashCode() => _code;

    /// <summary>The name of the heap type in the text format.</summary>
    public override string ToString() => _code switch
    {
        -0x10 => "func",
        -0x11 => "extern",
        -0x12 => "any",
        -0x13 => "eq",
        -0x14 => "i31",
        -0x15 => "struct",
        -0x16 => "array",
        -0x17 => "exn",
        -0x0F => "none",
        -0x0E => "noextern",
        -0x0D => "nofunc",
        -0x0C => "noexn",
        int.MinValue => "bot",
        _ => _code.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
