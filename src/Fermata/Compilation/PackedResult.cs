namespace Fermata.Compilation;

/// <summary>A result of a piece that comes in the upper half of its first, which is the way by which the piece was left.</summary>
/// <param name="Local">The local that it is, of 32 bits.</param>
/// <param name="Pair">The local that takes both.</param>
internal sealed record PackedResult(int Local, int Pair);
