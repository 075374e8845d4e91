using Fermata.Structure;

namespace Fermata;

/// <summary>Says which global of a module points to its C stack: <see cref="StoreOptions.StackPointer"/>.</summary>
/// <remarks>A string is the name of one: <c>module => "my_stack_pointer"</c>.</remarks>
public sealed record class StackPointer
{
    private StackPointer(string? name, int? index) => (Name, Index) = (name, index);

    /// <summary>The module has no C stack, whatever it looks like.</summary>
    public static StackPointer None { get; } = new(null, null);

    internal string? Name { get; }

    internal int? Index { get; }

    /// <summary>
    /// The global that is exported or imported under a name or has it in the name section, or the one that an exported function of this name returns and does nothing
    /// else. It is a mutable i32 or i64.
    /// </summary>
    /// <param name="name">The name.</param>
    public static StackPointer Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new StackPointer(name, null);
    }

    /// <summary>The global with an index, imported ones first: a mutable i32 or i64.</summary>
    /// <param name="index">The index, as <c>fermata inspect</c> and <c>fermata wat</c> show it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public static StackPointer Global(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return new StackPointer(null, index);
    }

    /// <summary>The name in quotes, or "global" and the index, or "none".</summary>
    public override string ToString() => Name is not null ? HostileText.Quoted(Name) : Index is not null ? $"global {Index}" : "none";

    /// <summary>The same as <see cref="Named"/>.</summary>
    /// <param name="name">The name.</param>
    public static implicit operator StackPointer(string name) => Named(name);
}
