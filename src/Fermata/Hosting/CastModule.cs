using System.Globalization;
using System.Text;

namespace Fermata.Hosting;

/// <summary>Makes the module whose function calls an imported one of another type.</summary>
/// <remarks>
/// Being WebAssembly, it suspends, unwinds and is traced as all code. It is no frame at all if the results are the same: then the call is a tail call.
/// </remarks>
internal static class CastModule
{
    /// <summary>The index of the function that converts; the one that is called is imported with index 0.</summary>
    public const int FunctionIndex = 1;

    /// <summary>The instructions that make 64 bits of a number, and a number of 64 bits. Missing upper bits are zero, surplus ones are dropped.</summary>
    private static readonly Dictionary<ValKind, (string ToBits, string FromBits)> Conversions = new()
    {
        [ValKind.I32] = ("i64.extend_i32_u", "i32.wrap_i64"),
        [ValKind.I64] = ("", ""),
        [ValKind.F32] = ("i32.reinterpret_f32 i64.extend_i32_u", "i32.wrap_i64 f32.reinterpret_i32"),
        [ValKind.F64] = ("i64.reinterpret_f64", "f64.reinterpret_i64"),
    };

    /// <summary>The module in the text format; null if the types cannot be converted.</summary>
    /// <param name="expected">The type of the function that converts.</param>
    /// <param name="actual">The type of the function that it calls.</param>
    public static string? Write(FuncType expected, FuncType actual)
    {
        if (!CanConvert(expected.ParameterArray, actual.ParameterArray) || !CanConvert(actual.ResultArray, expected.ResultArray))
            return null;

        var text = new StringBuilder();
        text.Append("(func $target (import \"\" \"target\")").Append(Signature(actual)).Append(")\n");
        text.Append("(func $\"function-pointer cast\"").Append(Signature(expected));
        if (expected.ResultArray.AsSpan().SequenceEqual(actual.ResultArray))
        {
            AppendConversion(text, expected.ParameterArray, actual.ParameterArray, 0);
            return text.Append("\nreturn_call $target)").ToString();
        }

        var firstResult = expected.ParameterArray.Length;
        text.Append(TypeList("local", actual.ResultArray));
        AppendConversion(text, expected.ParameterArray, actual.ParameterArray, 0);
        text.Append("\ncall $target");
        for (var i = actual.ResultArray.Length - 1; i >= 0; i--)
            text.Append(CultureInfo.InvariantCulture, $"\nlocal.set {firstResult + i}");
        AppendConversion(text, actual.ResultArray, expected.ResultArray, firstResult);
        return text.Append(')').ToString();
    }

    private static bool CanConvert(ValType[] from, ValType[] to)
    {
        for (var i = 0; i < to.Length; i++)
        {
            var canConvert = i >= from.Length
                ? to[i].IsDefaultable
                : from[i] == to[i] || (Conversions.ContainsKey(from[i].Kind) && Conversions.ContainsKey(to[i].Kind));
            if (!canConvert)
                return false;
        }

        return true;
    }

    /// <summary>Pushes values of the types wanted, made of the locals from a first one on.</summary>
    private static void AppendConversion(StringBuilder text, ValType[] from, ValType[] to, int firstLocal)
    {
        for (var i = 0; i < to.Length; i++)
        {
            text.Append('\n');
            if (i >= from.Length)
                text.Append(Zero(to[i]));
            else if (from[i] == to[i])
                text.Append(CultureInfo.InvariantCulture, $"local.get {firstLocal + i}");
            else
                text.Append(CultureInfo.InvariantCulture, $"local.get {firstLocal + i} {Conversions[from[i].Kind].ToBits} {Conversions[to[i].Kind].FromBits}");
        }
    }

    private static string Zero(ValType type) => type.Kind switch
    {
        ValKind.Ref => "ref.null extern",
        ValKind.V128 => "v128.const i64x2 0 0",
        _ => "i64.const 0 " + Conversions[type.Kind].FromBits,
    };

    private static string Signature(FuncType type) => TypeList("param", type.ParameterArray) + TypeList("result", type.ResultArray);

    /// <summary>References are only passed on, so that what they refer to is of no interest.</summary>
    private static string TypeList(string keyword, ValType[] types) =>
        $" ({keyword} {string.Join(' ', types.Select(type => type.IsRef ? "externref" : type.ToString()))})";
}
