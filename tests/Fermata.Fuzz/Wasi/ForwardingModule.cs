using System.Reflection;
using System.Text;
using Fermata.Wasi.Functions;

namespace Fermata.Fuzz.Wasi;

/// <summary>A module that does nothing but call the functions of WASI: it exports each under its own name.</summary>
internal static class ForwardingModule
{
    /// <summary>The pages of 64 KiB of its memory, if nothing is said.</summary>
    public const int Pages = 3;

    public const int MemoryBytes = Pages * 65536;

    /// <summary>The text of the module.</summary>
    /// <param name="module">The name under which it imports the functions.</param>
    /// <param name="functions">The functions.</param>
    /// <param name="pages">The pages of 64 KiB of its memory.</param>
    public static string TextOf(string module, IEnumerable<HostFunction> functions, int pages = Pages)
    {
        var imports = new StringBuilder();
        var exports = new StringBuilder();
        foreach (var function in functions)
        {
            var parameters = ParametersOf(function).Select(parameter => parameter.ParameterType == typeof(long) ? "i64" : "i32").ToArray();
            var type = $"(param {string.Join(' ', parameters)}){(function.Name == "proc_exit" ? "" : " (result i32)")}";
            imports.AppendLine($"""  (import "{module}" "{function.Name}" (func ${function.Name} {type}))""");
            var arguments = string.Concat(parameters.Select((_, i) => $" (local.get {i})"));
            exports.AppendLine($"""  (func (export "{function.Name}") {type} (call ${function.Name}{arguments}))""");
        }

        return $"""
            (module
            {imports}  (memory (export "memory") {pages})
            {exports})
            """;
    }

    /// <summary>The parameters that a function has in WebAssembly.</summary>
    public static IEnumerable<ParameterInfo> ParametersOf(HostFunction function) =>
        function.Begin.Method.GetParameters().Where(parameter => parameter.ParameterType == typeof(int) || parameter.ParameterType == typeof(long));
}
