using System.Globalization;
using System.Text;

namespace Fermata.Emscripten.Glue;

/// <summary>Makes functions of the types that programs want of host functions that have nearly these types.</summary>
/// <remarks>
/// They are WebAssembly, so that a host function behind one suspends as if it was not there. Programs that were built for a JavaScript without 64-bit integers have
/// their imports legalised (<see cref="Legalisation"/>). Others declare a function with a result, or without one, as C does not check this between files.
/// </remarks>
internal static class SignatureAdapter
{
    /// <summary>The module name under which the host functions are imported.</summary>
    public const string Host = "host";

    /// <summary>The function that is imported beside them where a result is legalised; it gets the upper half.</summary>
    public const string SetTempRet0 = "setTempRet0";

    /// <summary>It in the text, where no function of a list can be called so.</summary>
    private const string TempRet0Setter = "$\"(setTempRet0)\"";

    /// <summary>
    /// Whether the types differ only by parameters of 64 bits that are wanted as pairs, a result of 64 bits that is wanted as one of 32, and a result that is given but
    /// not wanted, or wanted but not given, which becomes zero. Equal types can be adapted too.
    /// </summary>
    /// <param name="wanted">The type of the import.</param>
    /// <param name="given">The type of the host function.</param>
    public static bool CanAdapt(FuncType wanted, FuncType given) =>
        WatText.Knows(wanted) && WatText.Knows(given)
        && Legalisation.TryAppendArguments(new StringBuilder(), wanted.Parameters, given.Parameters, 0)
        && AdaptResults(wanted.Results, given.Results) is not null;

    /// <summary>A module with a function for each of a list, which it exports under the name, and which calls the host function that it imports under that name.</summary>
    /// <param name="functions">The functions; no two have one name.</param>
    /// <exception cref="ArgumentException">The types of one differ too much.</exception>
    public static ModuleInfo Write(IEnumerable<(string Name, FuncType Wanted, FuncType Given)> functions)
    {
        var imports = new StringBuilder();
        var bodies = new StringBuilder();
        var index = 0;
        foreach (var (name, wanted, given) in functions)
        {
            if (!CanAdapt(wanted, given))
                throw new ArgumentException($"{name} is {given}, of which no {wanted} can be made.", nameof(functions));
            imports.Append(CultureInfo.InvariantCulture, $"(func (import \"{Host}\" {WatText.Quote(name)}) {WatText.Signature(given)})\n");
            bodies.Append(CultureInfo.InvariantCulture, $"(func ${WatText.Quote(name)} (export {WatText.Quote(name)}) {WatText.Signature(wanted)} (local $result i64)\n");
            Legalisation.TryAppendArguments(bodies, wanted.Parameters, given.Parameters, 0);
            bodies.Append(CultureInfo.InvariantCulture, $"(call {index})\n{AdaptResults(wanted.Results, given.Results)})\n");
            index++;
        }

        var text = bodies.ToString();
        if (text.Contains(TempRet0Setter, StringComparison.Ordinal))
            imports.Append(CultureInfo.InvariantCulture, $"(func {TempRet0Setter} (import \"{Host}\" \"{SetTempRet0}\") (param i32))\n");
        return ModuleInfo.Parse(imports + text);
    }

    /// <summary>As <see cref="Write"/>, loaded.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="functions">The functions; no two have one name.</param>
    /// <exception cref="ArgumentException">The types of one differ too much.</exception>
    public static Module Load(Engine engine, IEnumerable<(string Name, FuncType Wanted, FuncType Given)> functions) =>
        Module.Load(engine, Write(functions).Bytes);

    /// <summary>What makes the wanted results of those on the stack; null if nothing does.</summary>
    private static string? AdaptResults(IReadOnlyList<ValType> wanted, IReadOnlyList<ValType> given) => (wanted, given) switch
    {
        _ when wanted.SequenceEqual(given) => "",
        ([], _) => string.Concat(given.Select(_ => "drop ")),
        ([var missing], []) => WatText.Zero(missing),
        ([{ Kind: ValKind.I32 }], [{ Kind: ValKind.I64 }]) => Legalisation.LegaliseResult("$result", TempRet0Setter),
        _ => null,
    };
}
