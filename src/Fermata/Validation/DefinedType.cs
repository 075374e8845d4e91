using System.Globalization;
using Fermata.Structure;

namespace Fermata.Validation;

/// <summary>A type that some module or host defined, as the engine knows it: two equal types are the same object.</summary>
/// <remarks>Section 3.1.2 "Defined Types"; types in <see cref="Composite"/> are resolved (see <see cref="HeapType"/>).</remarks>
/// <param name="id">The identity.</param>
/// <param name="isFinal">Whether there can be no subtypes.</param>
/// <param name="supertype">The declared supertype.</param>
/// <param name="group">The recursive group, which goes only with all of its members.</param>
/// <param name="position">The position in the group.</param>
internal sealed class DefinedType(int id, bool isFinal, DefinedType? supertype, RecGroup group, int position)
{
    /// <summary>The identity: dense numbers from 0, which the engine gives to no other type, even when this one is gone.</summary>
    public int Id { get; } = id;

    public RecGroup Group { get; } = group;

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

    /// <summary>A name by structure alone, the same in each process.</summary>
    public string StructuralName => string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexString(Group.StructureHash)}_{position}");

    /// <summary>Whether the other type is this one or one of its declared supertypes.</summary>
    public bool IsSubtypeOf(DefinedType other)
    {
        var type = this;
        for (var steps = Depth - other.Depth; steps > 0; steps--)
            type = type.Supertype!;
        return type == other;
    }

    /// <summary>Appends what the type is by structure alone.</summary>
    public void AppendStructure(List<byte> bytes)
    {
        bytes.AddRange(Group.StructureHash);
        bytes.AddRange(BitConverter.GetBytes(position));
    }

    /// <summary>The type in the text format.</summary>
    public override string ToString() => Composite.ToString() ?? "";
}
