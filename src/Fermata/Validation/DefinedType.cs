using Fermata.Structure;

namespace Fermata.Validation;

/// <summary>A type that some module or host defined, as the engine knows it: two equal types are the same object.</summary>
/// <remarks>Section 3.2.10 "Defined Types"; types in <see cref="Composite"/> are resolved (see <see cref="HeapType"/>).</remarks>
internal sealed class DefinedType(int id, bool isFinal, DefinedType? supertype)
{
    /// <summary>The identity: dense numbers from 0, stable for the life of the engine.</summary>
    public int Id { get; } = id;

    public bool IsFinal { get; } = isFinal;

    public DefinedType? Supertype { get; } = supertype;

    /// <summary>How many supertypes stand above the type: at most <see cref="ImplementationLimits.SubtypingDepth"/>.</summary>
    public int Depth { get; } = supertype is null ? 0 : supertype.Depth + 1;

    public CompositeType Composite { get; internal set; } = null!;

    public FuncType? Func => Composite as FuncType;

    /// <summary>The least abstract heap type above: <c>func</c>, <c>struct</c> or <c>array</c>.</summary>
    public HeapType Abstract => Composite switch
    {
        FuncType => HeapType.Func,
        StructType => HeapType.Struct,
        _ => HeapType.Array,
    };

    /// <summary>Whether the other type is this one or one of its declared supertypes.</summary>
    public bool IsSubtypeOf(DefinedType other)
    {
        var type = this;
        for (var steps = Depth - other.Depth; steps > 0; steps--)
            type = type.Supertype!;
        return type == other;
    }

    /// <summary>The type in the text format.</summary>
    public override string ToString() => Composite.ToString() ?? "";
}
