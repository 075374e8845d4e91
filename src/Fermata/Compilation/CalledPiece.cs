namespace Fermata.Compilation;

/// <summary>A piece that what is left of a function calls.</summary>
/// <param name="Range">The instructions of the function that it stands for.</param>
/// <param name="Piece">The piece.</param>
/// <param name="Count">How many instructions call it.</param>
internal sealed record CalledPiece(PieceRange Range, Piece Piece, int Count);
