using System.Reflection.Emit;

namespace Fermata.Compilation;

/// <summary>What a function does seldom: it stands behind the code that it does mostly.</summary>
internal sealed class ColdCode
{
    /// <summary>The traps that are raised in it, by the method that raises them.</summary>
    public Dictionary<string, Label> TrapPaths { get; } = [];

    /// <summary>The trap for an index, by its type, at which a table has no function.</summary>
    public Dictionary<(ValType IndexType, int Table), Label> NullElementPaths { get; } = [];

    /// <summary>The traps for a function that is not of the type, by its index, that an indirect call asks for.</summary>
    public Dictionary<int, Label> CallTypePaths { get; } = [];

    /// <summary>The traps for a cast to a type, as the module names it.</summary>
    public Dictionary<ValType, Label> CastPaths { get; } = [];

    /// <summary>Code of any other kind, emitted when the function ends.</summary>
    public List<Action> Paths { get; } = [];
}
