using System.Globalization;
using System.Text;

namespace Fermata.Emscripten.Glue;

/// <summary>Pieces of the text format (chapter 6).</summary>
internal static class WatText
{
    /// <summary>A name as a string (section 6.3.3 "Strings").</summary>
    public static string Quote(string name)
    {
        var text = new StringBuilder("\"");
        foreach (var part in Encoding.UTF8.GetBytes(name))
        {
            if (char.IsAsciiLetterOrDigit((char)part) || part is (byte)'_' or (byte)'.' or (byte)'-')
                text.Append((char)part);
            else
                text.Append(CultureInfo.InvariantCulture, $"\\{part:x2}");
        }

        return text.Append('"').ToString();
    }

    /// <summary>Parameters and results: <c>(param i32) (result i32)</c>.</summary>
    public static string Signature(FuncType type) => $"{List("param", type.Parameters)} {List("result", type.Results)}";

    public static string List(string keyword, IEnumerable<ValType> types) => $"({keyword} {string.Join(' ', types)})";

    /// <summary>An import in its short form: <c>(memory $memory (import "env" "memory") 1)</c>.</summary>
    /// <param name="type">The type, behind the word that tells the kind: <c>(memory 1)</c>.</param>
    /// <param name="symbol">What it is called in the text.</param>
    /// <param name="module">The module name.</param>
    /// <param name="name">The name.</param>
    public static string Import(string type, string symbol, string module, string name) =>
        $"{KindOf(type)} ${symbol} (import {Quote(module)} {Quote(name)}){type[KindOf(type).Length..]}";

    /// <summary>An export of what has such a type.</summary>
    public static string Export(string type, string symbol, string name) => $"(export {Quote(name)} {KindOf(type)} ${symbol}))";

    /// <summary>The instruction that pushes the default value of a type (section 4.2.1 "Values").</summary>
    public static string Zero(ValType type) => type.Kind switch
    {
        ValKind.Ref => $"(ref.null {(type == ValType.FuncRef ? "func" : "extern")})",
        ValKind.V128 => "(v128.const i64x2 0 0)",
        _ => $"({type}.const 0)",
    };

    /// <summary>Whether values of a type can be passed on and have a <see cref="Zero"/>: all but references to types of a module's own.</summary>
    public static bool Knows(FuncType type) =>
        type.Parameters.Concat(type.Results).All(value => !value.IsRef || value == ValType.FuncRef || value == ValType.ExternRef);

    private static string KindOf(string type) => type[..type.IndexOf(' ', StringComparison.Ordinal)];
}
