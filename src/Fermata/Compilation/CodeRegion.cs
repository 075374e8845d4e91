using System.Reflection.Emit;

namespace Fermata.Compilation;

/// <summary>The body of the function, or of a <c>try</c> in it: what IL may branch within but not into, and leaves in a way of its own.</summary>
/// <remarks>So each region has cold code of its own: traps, saving frames, dispatch to call sites.</remarks>
internal sealed class CodeRegion(CodeRegion? parent)
{
    /// <summary>The region around this one; null for the function.</summary>
    public CodeRegion? Parent { get; } = parent;

    /// <summary>How many tries are around.</summary>
    public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

    public bool IsTry => Parent is not null;

    /// <summary>The traps that are raised in the region, by the method that raises them.</summary>
    public Dictionary<string, Label> TrapPaths { get; } = [];

    /// <summary>The trap for an index, by its type, at which a table has no function.</summary>
    public Dictionary<(ValType IndexType, int Table), Label> NullElementPaths { get; } = [];

    /// <summary>The traps for a function that is not of the type, by its index, that an indirect call asks for.</summary>
    public Dictionary<int, Label> CallTypePaths { get; } = [];

    /// <summary>The traps for a cast to a type, as the module names it.</summary>
    public Dictionary<ValType, Label> CastPaths { get; } = [];

    /// <summary>The call sites that stand in this region and in none inside.</summary>
    public List<SiteEmission> Sites { get; } = [];

    /// <summary>In a resume form: the ways on from heads of loops, and of this region, that start in it.</summary>
    public List<Dispatch> Dispatches { get; } = [];

    /// <summary>Code that belongs here and is emitted when the region ends.</summary>
    public List<Action> ColdCode { get; } = [];
}
