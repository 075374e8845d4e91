using System.Text;
using System.Text.RegularExpressions;

namespace Fermata.Emscripten.Glue;

/// <summary>The text of the glue for a program, in the making: what is added brings along all that it names.</summary>
/// <param name="program">The program.</param>
/// <param name="programName">The module name under which the glue imports from it.</param>
/// <param name="names">What Emscripten calls its imports and exports.</param>
internal sealed partial class GlueModule(ModuleInfo program, string programName, EmscriptenNames names)
{
    private readonly StringBuilder _imports = new();
    private readonly StringBuilder _definitions = new();
    private readonly HashSet<string> _added = [];
    private readonly HashSet<string> _exports = [];

    /// <summary>Whether there are C++ exceptions among what was added.</summary>
    public bool HasExceptions => _added.Contains("exceptionTag");

    /// <summary>Adds a function that the program imports.</summary>
    /// <param name="import">The import.</param>
    /// <param name="text">The function, named as Emscripten names the import.</param>
    /// <exception cref="NotSupportedException">The program does not export what the function needs.</exception>
    public void Add(ImportType import, string text)
    {
        var name = names.Of(import);
        if (!_exports.Add(import.Name))
            return;
        if (ProgramSymbols.All.ContainsKey(name))
            Require(name, name);
        else if (_added.Add(name))
            Define(text, name);
        _definitions.Append($"(export {WatText.Quote(import.Name)} (func ${name}))\n");
    }

    /// <summary>The module of all that was added.</summary>
    public ModuleInfo Assemble() => ModuleInfo.Parse($"{_imports}{_definitions}");

    /// <summary>Adds a definition and what it names, that is not only a name within it.</summary>
    private void Define(string text, string importer)
    {
        _definitions.AppendLine(text);
        foreach (var name in Names().Matches(text).Select(match => match.Groups[1].Value).Where(IsSymbol))
            Require(name, importer);
    }

    private static bool IsSymbol(string name) => GlueDefinitions.All.ContainsKey(name) || ProgramSymbols.All.ContainsKey(name);

    private void Require(string symbol, string importer)
    {
        if (!_added.Add(symbol))
            return;
        if (ProgramSymbols.All.TryGetValue(symbol, out var wanted) && FindInProgram(wanted.Type, wanted.Exports) is var (module, name, type))
            _imports.AppendLine(WithImport(type, symbol, module, name));
        else if (GlueDefinitions.All.TryGetValue(symbol, out var text))
            Define(text, importer);
        else
            throw Missing(symbol, importer);
    }

    /// <summary>
    /// An export of the program, with the type wanted; or an import that is no function, with its own type: then that and the one of the glue become one. A memory or table
    /// that is the only one needs no name, as a map of names may lack it.
    /// </summary>
    private (string Module, string Name, string Type)? FindInProgram(string type, string[] alternatives)
    {
        foreach (var alternative in alternatives)
        {
            if (program.Exports.FirstOrDefault(export => names.Of(export) == alternative && IsOfKind(export.Type, type)) is { } export)
                return (programName, export.Name, type);
            if (program.Imports.FirstOrDefault(import => names.Of(import) == alternative && IsOfKind(import.Type, type) && import.Type.Kind != ExternKind.Func) is { } import)
                return (import.Module, import.Name, import.Type.ToString());
        }

        return null;
    }

    private static bool IsOfKind(ExternType type, string text) => text.StartsWith($"({type.Kind.ToString().ToLowerInvariant()} ", StringComparison.Ordinal);

    /// <summary>An import in its short form: <c>(memory $memory (import "env" "memory") 1)</c>.</summary>
    private static string WithImport(string type, string symbol, string module, string name)
    {
        var kind = type.IndexOf(' ', StringComparison.Ordinal);
        return $"{type[..kind]} ${symbol} (import {WatText.Quote(module)} {WatText.Quote(name)}){type[kind..]}";
    }

    private static NotSupportedException Missing(string symbol, string importer)
    {
        var alternatives = string.Join(" or ", ProgramSymbols.All[symbol].Exports);
        return new NotSupportedException(
            $"The program imports {importer}, which uses {alternatives} of the program, and that exports none such. Export it, or tell its name if names are minified (EmscriptenNames.Exports).");
    }

    [GeneratedRegex(@"\$(\w+)")]
    private static partial Regex Names();
}
