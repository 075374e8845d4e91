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

    /// <summary>Pushes the parameters of a function as arguments for another, where some may be legalised.</summary>
    /// <param name="parameters">The types of the parameters.</param>
    /// <param name="wanted">The types of the arguments: the same, or such as are the same when they are legalised.</param>
    /// <param name="first">The local of the first parameter.</param>
    public static string PushArguments(IReadOnlyList<ValType> parameters, IReadOnlyList<ValType> wanted, int first)
    {
        var text = new StringBuilder();
        var next = 0;
        foreach (var type in wanted)
        {
            if (parameters[next] == type)
            {
                text.Append(CultureInfo.InvariantCulture, $"(local.get {first + next})\n");
                next++;
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"(i64.or (i64.extend_i32_u (local.get {first + next}))");
                text.Append(CultureInfo.InvariantCulture, $" (i64.shl (i64.extend_i32_u (local.get {first + next + 1})) (i64.const 32)))\n");
                next += 2;
            }
        }

        return text.ToString();
    }

    /// <summary>Makes the result of 64 bits on the stack one of 32.</summary>
    /// <param name="local">A local of 64 bits to use.</param>
    public static string LegaliseResult(string local) =>
        $"""
        (local.set {local})
        (call $setTempRet0 (i32.wrap_i64 (i64.shr_u (local.get {local}) (i64.const 32))))
        (i32.wrap_i64 (local.get {local}))
        """;
}
