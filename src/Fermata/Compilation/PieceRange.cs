namespace Fermata.Compilation;

/// <summary>Instructions of a function that are to become a piece.</summary>
/// <param name="Start">The position of the first.</param>
/// <param name="End">The position behind the last.</param>
/// <param name="FallsThrough">Whether control may come to the end.</param>
/// <param name="Labels">The labels around that they branch to, as code at the start names them, ascending.</param>
/// <param name="Returns">Whether they may return from the function.</param>
/// <param name="Targets">For each of the labels, the position of the instruction where a branch to it leads.</param>
internal sealed record PieceRange(int Start, int End, bool FallsThrough, int[] Labels, bool Returns, int[] Targets);
