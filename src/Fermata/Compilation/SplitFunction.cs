using Fermata.Validation;

namespace Fermata.Compilation;

/// <summary>What is left of a function that is compiled in pieces: it calls them.</summary>
internal sealed class SplitFunction : CodeUnit
{
    /// <summary>How deep pieces may be in each other: each level has a frame on the stack.</summary>
    private const int MostLevels = 3;

    /// <summary>Those that are called from here; the others are called by pieces. In the order of the code.</summary>
    private readonly Piece[] _called;

    private SplitFunction(int function, FuncType type, Piece[] pieces, Piece[] called)
        : base(function, function, type) => (Pieces, _called) = (pieces, called);

    public override IReadOnlyList<ValType> AddedLocals => Pieces[0].AddedLocals;

    /// <summary>In the order of their numbers.</summary>
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
        var obstacles = new PieceObstacles(module, code, type);
        var plan = new PiecePlan(module, function, firstNumber, mostPieces, code);
        var statements = module.Types.Bodies.Of(function).Statements!;
        var mostRest = PieceSizes.Of(module.Options).LargestRest;
        for (var level = 0; level < MostLevels && (level == 0 || plan.RestCount > mostRest); level++)
            plan.Add(PieceSearch.Find(module, code, statements, obstacles, plan.Called));

        return plan.Pieces.Count == 0 ? null : new SplitFunction(function, type, [.. plan.Pieces], [.. plan.Called.Select(static called => called.Piece)]);
    }

    public override long CountValues(ModuleCompiler module)
    {
        var body = module.Definition.Functions[Function].Body!;
        var values = (long)body.UsableLocals + body.Code.Length;
        var largest = 0L;
        foreach (var piece in _called)
        {
            var call = piece.Type.ParameterArray.Length + piece.Type.ResultArray.Length + piece.Exits + 8;
            values += call - piece.Code.Length;
            largest = Math.Max(largest, piece.CountValues(module));
        }

        return values + largest + ImplementationLimits.Parameters;
    }

    public override Inlining Read(ModuleCompiler module, InstructionList code)
    {
        code.Read(module, module.Definition.Functions[Function].Body!.Code, _called);
        return Inlining.None;
    }
}
