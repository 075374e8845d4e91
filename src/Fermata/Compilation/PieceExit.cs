using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>A way by which a branch, or <c>return</c>, leaves a piece.</summary>
/// <param name="Depth">The label, as code at the start of the piece names it; <see cref="Return"/> for the function.</param>
/// <param name="Block">The type of a block to whose end a branch carries the same values.</param>
/// <param name="Locals">The locals in which the values are handed on.</param>
internal sealed record PieceExit(int Depth, BlockType Block, int[] Locals)
{
    /// <summary>Deeper than all labels.</summary>
    public const int Return = int.MaxValue;

    public bool Returns => Depth == Return;

    /// <summary>Whether the rest of the function has more to do than to branch on.</summary>
    public bool IsStep => Returns || Locals.Length > 0;
}
