using Fermata.Emscripten.Glue;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.ForeignFunctions;

/// <summary>The type of a function in C, as libffi describes it (<c>ffi_cif</c>).</summary>
/// <param name="Result">What it returns.</param>
/// <param name="Fixed">Its parameters.</param>
/// <param name="Variable">The types of what is passed for <c>…</c>.</param>
internal sealed record ForeignSignature(ForeignType Result, ForeignType[] Fixed, ForeignType[] Variable)
{
    /// <summary>As many as libffi allows.</summary>
    private const int MostParameters = 122;

    /// <summary>The type for WebAssembly: a result in memory is where the first parameter points, and what is passed for <c>…</c> where the last one does.</summary>
    public FuncType Type => new(
        [
            .. Result.IsReturnedInMemory ? [ValType.I32] : Array.Empty<ValType>(),
            .. Fixed.SelectMany(parameter => parameter.Parameters),
            .. Variable.Length > 0 ? [ValType.I32] : Array.Empty<ValType>(),
        ],
        Result.Scalar is { } scalar ? [scalar.Type] : []);

    /// <summary>For each parameter of <see cref="Type"/> whether it is an integer without a sign, as addresses are.</summary>
    public bool[] UnsignedParameters =>
    [
        .. Result.IsReturnedInMemory ? [true] : Array.Empty<bool>(),
        .. Fixed.SelectMany(parameter => parameter.Parameters.Select(_ => parameter.IsUnsigned)),
        .. Variable.Length > 0 ? [true] : Array.Empty<bool>(),
    ];

    /// <summary>What tells it apart from other types of functions.</summary>
    public string Key => $"{string.Join(' ', Fixed.Prepend(Result).Select(type => type.Key))}|{string.Join(' ', Variable.Select(type => type.Key))}";

    /// <summary>
    /// The type as which a function is called: its own, if that has other results, or more or fewer parameters, which C does not check where a function is declared at run
    /// time. As in JavaScript, surplus arguments and results are dropped, those that are missing are zero, and numbers become those of the other type.
    /// </summary>
    /// <param name="actual">The type of the function.</param>
    /// <returns>It; or <see cref="Type"/>, with which the call traps, if integers of 64 bits would have to become others, or others such.</returns>
    public FuncType Fit(FuncType actual)
    {
        var type = Type;
        return WatText.Knows(actual) && Agree(type.Parameters, actual.Parameters) && Agree(type.Results, actual.Results) ? actual : type;

        static bool Agree(IEnumerable<ValType> declared, IEnumerable<ValType> actual) => declared.Zip(actual).All(pair => ForeignConversion.IsPossible(pair.First, pair.Second));
    }

    /// <summary>Reads one: ABI, number of parameters, list of their types, type of the result, two more words, and the number of parameters before the <c>…</c>.</summary>
    /// <exception cref="NotSupportedException">It has types that C cannot pass in WebAssembly, or too many parameters.</exception>
    public static ForeignSignature Read(Caller caller, int address)
    {
        const int count = 4, types = 8, result = 12, fixedCount = 24;
        var (all, before) = (caller.Read<int>(address + count), caller.Read<int>(address + fixedCount));
        if (all is < 0 or > MostParameters || before < 0 || before > all)
            throw new NotSupportedException($"A function of libffi has {all} parameters, {before} of them before the …: {MostParameters} are the most that it allows.");
        var list = caller.Read<int>(address + types);
        var parameters = new ForeignType[all];
        for (var i = 0; i < all; i++)
            parameters[i] = ForeignType.Read(caller, caller.Read<int>(list + (i * sizeof(int))));
        return new ForeignSignature(ForeignType.Read(caller, caller.Read<int>(address + result)), parameters[..before], parameters[before..]);
    }
}
