using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>A label around a piece to which it branches.</summary>
/// <param name="Depth">The label as code at the start of the piece names it.</param>
/// <param name="Target">The position of the instruction where a branch leads.</param>
/// <param name="Block">The type of a block to whose end a branch carries the same values.</param>
internal readonly record struct PieceLabel(int Depth, int Target, BlockType Block);
