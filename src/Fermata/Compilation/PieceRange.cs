namespace Fermata.Compilation;

/// <summary>Instructions of a function that are to become a piece.</summary>
/// <param name="Start">The position of the first.</param>
/// <param name="End">The position behind the last.</param>
/// <param name="FallsThrough">Whether control may come to the end.</param>
/// <param name="Labels">The labels around that they branch to, ascending.</param>
/// <param name="Returns">Whether they may return from the function.</param>
internal sealed record PieceRange(int Start, int End, bool FallsThrough, PieceLabel[] Labels, bool Returns);
