using Fermata.Runtime;

namespace Fermata.Compilation;

/// <summary>Which functions are split, and into pieces of which size.</summary>
/// <remarks>
/// The JIT does not optimise a method of more than 60,000 bytes of IL, 2,000 basic blocks or 8,000 uses of variables. A byte of WebAssembly becomes some four of IL; functions of compilers come to one
/// of these limits from some 10,000 bytes on. A piece costs a call, so it should not be small; but what stays in the
/// function counts for the limits, also in its resume form, which has a third more blocks.
/// </remarks>
/// <param name="LongFunction">The bytes of code from which on a function is split.</param>
/// <param name="BytesPerPiece">For how many bytes of code a function may have a piece, so that its pieces can be numbered before they are known.</param>
/// <param name="Smallest">The fewest instructions of a piece.</param>
/// <param name="Largest">The most instructions of a piece, unless a single statement has more.</param>
/// <param name="LargestRest">The most instructions that stay in the function, with those that call pieces; if there are more, they are divided among pieces again, which call the others.</param>
internal readonly record struct PieceSizes(int LongFunction, int BytesPerPiece, int Smallest, int Largest, int LargestRest)
{
    private static readonly PieceSizes Default = new(LongFunction: 9_000, BytesPerPiece: 64, Smallest: 32, Largest: 1_500, LargestRest: 4_000);

    private static readonly PieceSizes Everywhere = new(LongFunction: 1, BytesPerPiece: 1, Smallest: 1, Largest: 6, LargestRest: 20);

    /// <summary>The most instructions of a statement that becomes a piece of its own.</summary>
    public int LargestStatement => 2 * Largest;

    /// <summary>How many values a method of a function that may be split keeps at once, at most.</summary>
    /// <param name="values">How many values the function has.</param>
    /// <param name="hasRest">Whether what is left of the function counts, and not the pieces alone.</param>
    public int MostValues(int values, bool hasRest)
    {
        // Each value of a piece is in one of its instructions. What is left of the function has those twice that it hands to a piece, and both have what a piece gives back.
        var own = hasRest ? 2 * values : Math.Min(values, LargestStatement);
        return own + (2 * (ModuleCode.MostPieceResults + 1));
    }

    public static PieceSizes Of(EngineOptions options) => options.SplitEverywhere ? Everywhere : Default;
}
