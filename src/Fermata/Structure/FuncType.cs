namespace Fermata;

/// <summary>The type of a function: its parameters and its results.</summary>
/// <remarks>WebAssembly 3.0, section 2.3.9 "Composite Types".</remarks>
/// <param name="parameters">The types of the parameters.</param>
/// <param name="results">The types of the results.</param>
public sealed class FuncType(ValType[] parameters, ValType[] results) : CompositeType
{
    /// <summary>The types of the parameters.</summary>
    public IReadOnlyList<ValType> Parameters => ParameterArray;

    /// <summary>The types of the results.</summary>
    public IReadOnlyList<ValType> Results => ResultArray;

    internal ValType[] ParameterArray { get; } = parameters;

    internal ValType[] ResultArray { get; } = results;

    /// <summary>Whether both types have the same parameters and the same results.</summary>
    internal bool Matches(FuncType other) =>
        ParameterArray.AsSpan().SequenceEqual(other.ParameterArray) && ResultArray.AsSpan().SequenceEqual(other.ResultArray);

    /// <summary>The type in the text format: <c>(func (param i32) (result i32))</c>.</summary>
    public override string ToString() => "(func" + Clause("param", ParameterArray) + Clause("result", ResultArray) + ")";

    private static string Clause(string keyword, ValType[] types) =>
        types.Length == 0 ? "" : $" ({keyword} {string.Join(' ', types)})";
}
