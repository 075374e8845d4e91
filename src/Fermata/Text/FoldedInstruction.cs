namespace Fermata.Text;

internal enum FoldedKind : byte
{
    /// <summary>An instruction that is no part of a block's frame.</summary>
    Plain,

    /// <summary><c>block</c>, <c>loop</c> or <c>try_table</c>.</summary>
    Block,
    If,
    Try,

    /// <summary><c>else</c>, <c>catch</c> or <c>catch_all</c>.</summary>
    Clause,
    Delegate,
    End,
}

/// <summary>An instruction and its place in the folded form.</summary>
internal struct FoldedInstruction
{
    public FoldedKind Kind;

    /// <summary>The byte offset in the module.</summary>
    public int Offset;

    /// <summary>The outermost of the instructions whose forms begin here; -1 for none.</summary>
    public int Outermost;

    /// <summary>The next form inside that begins at the same place; -1 for none.</summary>
    public int NextInside;

    /// <summary>The width of the form on one line, if that is less than <see cref="FoldedTree.TooWide"/>.</summary>
    public int Width;

    /// <summary>For a block, how many blocks begin before it.</summary>
    public int Ordinal;
}
