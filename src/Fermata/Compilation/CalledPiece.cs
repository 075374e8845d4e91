namespace Fermata.Compilation;

/// <summary>A piece that what is left of a function calls.</summary>
internal sealed class CalledPiece
{
    /// <param name="module">The compiler of the module.</param>
    /// <param name="range">The instructions of the function that it stands for.</param>
    /// <param name="piece">The piece.</param>
    public CalledPiece(ModuleCompiler module, PieceRange range, Piece piece)
    {
        (Range, Piece) = (range, piece);
        var call = new InstructionList();
        piece.AddCall(module, call);
        Count = call.Count;
    }

    public PieceRange Range { get; }

    public Piece Piece { get; }

    /// <summary>How many instructions call it.</summary>
    public int Count { get; }
}
