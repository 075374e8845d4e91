using Fermata.Binary;
using Fermata.Validation;

namespace Fermata.Compilation;

/// <summary>What is left of a function that is compiled in pieces: it calls them.</summary>
internal sealed class SplitFunction : CodeUnit
{
    private SplitFunction(int function, FuncType type, Piece[] pieces)
        : base(function, function, type) => Pieces = pieces;

    public override IReadOnlyList<ValType> AddedLocals => Pieces[0].AddedLocals;

    /// <summary>In the order of the code.</summary>
    public Piece[] Pieces { get; }

    /// <summary>Splits a function.</summary>
    /// <param name="module">The compiler of the module.</param>
    /// <param name="function">The index of the function.</param>
    /// <param name="firstNumber">The number of the first piece.</param>
    /// <param name="mostPieces">How many numbers there are for pieces.</param>
    /// <returns>The function, and its pieces; null if it stays as it is.</returns>
    public static SplitFunction? Of(ModuleCompiler module, int function, int firstNumber, int mostPieces)
    {
        var type = module.Types.FunctionSignature(function);
        var code = new InstructionList();
        code.Read(module.Definition.Bytes.Span, module.Definition.Functions[function].Body!.Code, module.Budget);
        var ranges = PieceSearch.Find(module, code, module.Types.Statements[function], type);
        var pieces = new PiecePlan(module, function, firstNumber, code).Plan(ranges, mostPieces);
        return pieces.Length == 0 ? null : new SplitFunction(function, type, pieces);
    }

    public override long CountValues(ModuleCompiler module)
    {
        var body = module.Definition.Functions[Function].Body!;
        var values = (long)body.UsableLocals + body.Code.Length;
        var largest = 0L;
        foreach (var piece in Pieces)
        {
            var call = piece.Type.ParameterArray.Length + piece.Type.ResultArray.Length + piece.Exits + 8;
            values += call - piece.Code.Length;
            largest = Math.Max(largest, piece.CountValues(module));
        }

        return values + largest + ImplementationLimits.Parameters;
    }

    public override Inlining Read(ModuleCompiler module, InstructionList code)
    {
        var body = module.Definition.Functions[Function].Body!.Code;
        var start = body.Offset;
        foreach (var piece in Pieces)
        {
            code.Read(module.Definition.Bytes.Span, new ByteRange(start, piece.Code.Offset - start), module.Budget);
            piece.AddCall(module, code);
            start = piece.Code.End;
        }

        code.Read(module.Definition.Bytes.Span, new ByteRange(start, body.End - start), module.Budget);
        return Inlining.None;
    }
}
