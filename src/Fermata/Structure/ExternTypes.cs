namespace Fermata;

/// <summary>The kinds of things that a module imports and exports (section 2.3.19 "External Types").</summary>
public enum ExternKind : byte
{
    /// <summary>A function.</summary>
    Func = 0,

    /// <summary>A table.</summary>
    Table = 1,

    /// <summary>A memory.</summary>
    Memory = 2,

    /// <summary>A global.</summary>
    Global = 3,

    /// <summary>A tag of exceptions.</summary>
    Tag = 4,
}

/// <summary>The size range of a memory in pages or of a table in elements (section 2.3.12 "Limits").</summary>
/// <param name="Min">The size at the start.</param>
/// <param name="Max">The size beyond which it never grows; null for none.</param>
public readonly record struct Limits(ulong Min, ulong? Max)
{
    /// <summary>The limits in the text format.</summary>
    public override string ToString() => Max is { } max ? $"{Min} {max}" : $"{Min}";

    /// <summary>Refuses limits from the host that no module could declare (section 3.2.12 "Limits").</summary>
    internal void RequireConsistent(string parameter)
    {
        if (Min > Max)
            throw new ArgumentException($"size minimum must not be greater than maximum: {this}", parameter);
    }
}

/// <summary>What is imported or exported: the type of a function, table, memory, global or tag.</summary>
/// <remarks>WebAssembly 3.0, section 2.3.19 "External Types".</remarks>
public abstract record ExternType
{
    private protected ExternType()
    {
    }

    /// <summary>The kind of the thing.</summary>
    public abstract ExternKind Kind { get; }
}

/// <summary>The type of a memory.</summary>
/// <param name="Limits">The size range, in pages of 64 KiB.</param>
/// <param name="Is64">Whether addresses are 64-bit.</param>
/// <param name="IsShared">Whether threads share the memory.</param>
public sealed record MemoryType(Limits Limits, bool Is64 = false, bool IsShared = false) : ExternType
{
    /// <inheritdoc/>
    public override ExternKind Kind => ExternKind.Memory;

    /// <summary>Of what type addresses are (section 2.3.11 "Address Types").</summary>
    internal ValType AddressType => Is64 ? ValType.I64 : ValType.I32;

    /// <summary>The type in the text format.</summary>
    public override string ToString() => $"(memory{(Is64 ? " i64" : "")} {Limits}{(IsShared ? " shared" : "")})";
}

/// <summary>The type of a table.</summary>
/// <param name="Element">The type of the elements, a reference type.</param>
/// <param name="Limits">The size range, in elements.</param>
/// <param name="Is64">Whether indices are 64-bit.</param>
public sealed record TableType(ValType Element, Limits Limits, bool Is64 = false) : ExternType
{
    /// <inheritdoc/>
    public override ExternKind Kind => ExternKind.Table;

    /// <summary>Of what type indices are (section 2.3.11 "Address Types").</summary>
    internal ValType AddressType => Is64 ? ValType.I64 : ValType.I32;

    /// <summary>The type in the text format.</summary>
    public override string ToString() => $"(table{(Is64 ? " i64" : "")} {Limits} {Element})";
}

/// <summary>The type of a global.</summary>
/// <param name="Type">The type of the value.</param>
/// <param name="IsMutable">Whether the value may change.</param>
public sealed record GlobalType(ValType Type, bool IsMutable) : ExternType
{
    /// <inheritdoc/>
    public override ExternKind Kind => ExternKind.Global;

    /// <summary>The type in the text format.</summary>
    public override string ToString() => IsMutable ? $"(global (mut {Type}))" : $"(global {Type})";
}
