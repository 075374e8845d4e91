using System.Globalization;
using System.Text;

namespace Fermata.Emscripten.Glue;

/// <summary>
/// The types that functions have for a JavaScript that knows no 64-bit integers: each parameter of that kind is two of 32 bits, the lower half first, and of a result
/// the lower half is returned and the upper one left in <c>tempRet0</c>.
/// </summary>
internal static class Legalisation
{
    /// <summary>The type that a function has then.</summary>
    public static FuncType Legalise(FuncType type) => new(
        [.. type.Parameters.SelectMany(parameter => parameter == ValType.I64 ? [ValType.I32, ValType.I32] : new[] { parameter })],
        [.. type.Results.Select(result => result == ValType.I64 ? ValType.I32 : result)]);

    /// <summary>Appends what pushes arguments of some types, where a function has parameters of others.</summary>
    /// <param name="text">The text.</param>
    /// <param name="wanted">The parameters that there are.</param>
    /// <param name="given">The parameters that the arguments are for.</param>
    /// <param name="first">The local of the first parameter.</param>
    /// <returns>Whether they are equal but for pairs.</returns>
    public static bool TryAppendArguments(StringBuilder text, IReadOnlyList<ValType> wanted, IReadOnlyList<ValType> given, int first)
    {
        var next = 0;
        foreach (var type in given)
        {
            if (next < wanted.Count && wanted[next] == type)
            {
                text.Append(CultureInfo.InvariantCulture, $"(local.get {first + next})\n");
                next++;
            }
            else if (type == ValType.I64 && next + 1 < wanted.Count && wanted[next] == ValType.I32 && wanted[next + 1] == ValType.I32)
            {
                text.Append(CultureInfo.InvariantCulture, $"(i64.or (i64.extend_i32_u (local.get {first + next}))");
                text.Append(CultureInfo.InvariantCulture, $" (i64.shl (i64.extend_i32_u (local.get {first + next + 1})) (i64.const 32)))\n");
                next += 2;
            }
            else
            {
                return false;
            }
        }

        return next == wanted.Count;
    }

    /// <summary>Makes the result of 64 bits on the stack one of 32.</summary>
    /// <param name="local">A local of 64 bits to use.</param>
    /// <param name="setTempRet0">The function that gets the upper half.</param>
    public static string LegaliseResult(string local, string setTempRet0) =>
        $"""
        (local.set {local})
        (call {setTempRet0} (i32.wrap_i64 (i64.shr_u (local.get {local}) (i64.const 32))))
        (i32.wrap_i64 (local.get {local}))
        """;
}
