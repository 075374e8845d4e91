namespace Fermata.Compilation;

/// <summary>The functions of a module that may be split. Each is when it is first asked for; the numbers of its pieces do not depend on when that is.</summary>
internal sealed class SplitFunctions
{
    private readonly ModuleCompiler _module;

    /// <summary>The functions, ascending, and the first number that pieces of each may have.</summary>
    private readonly int[] _functions;
    private readonly int[] _firstNumbers;

    /// <summary>For each of them what is left of it, and its pieces; null if it was not asked for yet.</summary>
    private readonly CodeUnit?[] _split;

    public SplitFunctions(ModuleCompiler module)
    {
        _module = module;
        _functions = [.. module.Types.Bodies.LongFunctions];
        _firstNumbers = new int[_functions.Length];
        _split = new CodeUnit?[_functions.Length];
        NumberCount = module.Definition.Functions.Count;
        for (var i = 0; i < _functions.Length; i++)
        {
            _firstNumbers[i] = NumberCount;
            NumberCount += MostPieces(_functions[i]);
        }
    }

    /// <summary>How many numbers there are, of functions and of pieces.</summary>
    public int NumberCount { get; }

    /// <summary>Whether a number is the index of a function, and not the number of a piece.</summary>
    public bool IsFunction(int number) => number < _module.Definition.Functions.Count;

    /// <summary>Whether a function may be split.</summary>
    public bool MayBeSplit(int function) => _module.Types.Bodies.IsLong(function);

    /// <summary>Whether there is a function or a piece with the number: there are more numbers than pieces.</summary>
    public bool Has(int number)
    {
        if (IsFunction(number) || (uint)number >= (uint)NumberCount)
            return (uint)number < (uint)NumberCount;
        var index = PlaceOfPiece(number);
        return Split(index) is SplitFunction split && number - _firstNumbers[index] < split.Pieces.Length;
    }

    /// <summary>What is compiled under a number.</summary>
    public CodeUnit Find(int number)
    {
        if (IsFunction(number))
            return MayBeSplit(number) ? Split(Array.BinarySearch(_functions, number)) : new WholeFunction(number, _module.Types.FunctionSignature(number));
        var index = PlaceOfPiece(number);
        return ((SplitFunction)Split(index)).Pieces[number - _firstNumbers[index]];
    }

    /// <summary>The place of the function that a piece is of.</summary>
    private int PlaceOfPiece(int number)
    {
        var index = Array.BinarySearch(_firstNumbers, number);
        return index < 0 ? ~index - 1 : index;
    }

    private int MostPieces(int function) => _module.Definition.Functions[function].Body!.Code.Length / PieceSizes.Of(_module.Options).BytesPerPiece;

    private CodeUnit Split(int index)
    {
        if (_split[index] is { } split)
            return split;
        var function = _functions[index];
        return _split[index] = SplitFunction.Of(_module, function, _firstNumbers[index], MostPieces(function))
            ?? (CodeUnit)new WholeFunction(function, _module.Types.FunctionSignature(function));
    }
}
