using System.Reflection;
using System.Text;
using Fermata.Wasi.Functions;

namespace Fermata.Fuzz.Wasi;

/// <summary>A module that does nothing but call functions of the host: it exports each under its own name.</summary>
internal static class ForwardingModule
{
    /// <summary>The pages of 64 KiB of its memory, if nothing is said.</summary>
    public const int Pages = 3;

    public const int MemoryBytes = Pages * 65536;

    private static readonly Dictionary<Type, string> Types = new() { [typeof(int)] = "i32", [typeof(long)] = "i64", [typeof(double)] = "f64" };

    /// <summary>The text of the module.</summary>
    /// <param name="module">The name under which it imports the functions.</param>
    /// <param name="functions">The functions.</param>
    /// <param name="pages">The pages of 64 KiB of its memory; behind them, if wanted, how many there may be at most.</param>
    /// <param name="fields">What else is in the module.</param>
    public static string TextOf(string module, IEnumerable<HostFunction> functions, string pages, string fields = "")
    {
        var imports = new StringBuilder();
        var exports = new StringBuilder();
        foreach (var function in functions)
        {
            var parameters = ParametersOf(function).Select(parameter => Types[parameter.ParameterType]).ToArray();
            var type = $"(param {string.Join(' ', parameters)}){ResultOf(function)}";
            imports.AppendLine($"""  (import "{module}" "{function.Name}" (func ${function.Name} {type}))""");
            var arguments = string.Concat(parameters.Select((_, i) => $" (local.get {i})"));
            exports.AppendLine($"""  (func (export "{function.Name}") {type} (call ${function.Name}{arguments}))""");
        }

        return $"""
            (module
            {imports}  (memory (export "memory") {pages})
            {exports}{fields})
            """;
    }

    /// <inheritdoc cref="TextOf(string, IEnumerable{HostFunction}, string, string)"/>
    public static string TextOf(string module, IEnumerable<HostFunction> functions, int pages = Pages) => TextOf(module, functions, $"{pages}");

    /// <summary>The parameters that a function has in WebAssembly.</summary>
    public static IEnumerable<ParameterInfo> ParametersOf(HostFunction function) =>
        function.Begin.Method.GetParameters().Where(parameter => Types.ContainsKey(parameter.ParameterType));

    private static string ResultOf(HostFunction function)
    {
        var type = (function.Complete ?? function.Begin).Method.ReturnType;
        return Types.TryGetValue(type.IsGenericType ? type.GetGenericArguments()[0] : type, out var result) ? $" (result {result})" : "";
    }
}
