using System.Text;
using System.Text.RegularExpressions;

namespace Fermata.Emscripten.Glue;

/// <summary>The text of the glue for a program, in the making: what is added brings along all that it names.</summary>
/// <param name="imports">What the program imports.</param>
/// <param name="exports">What it exports.</param>
/// <param name="programName">The module name under which the glue imports from it.</param>
/// <param name="names">What Emscripten calls its imports and exports.</param>
/// <param name="isSide">Whether the program is a side module, whose glue has what <see cref="SharedGlue"/> is from the main module.</param>
internal sealed partial class GlueModule(
    IReadOnlyList<ImportType> imports, IReadOnlyList<ExportType> exports, string programName, EmscriptenNames names, bool isSide)
{
    private readonly StringBuilder _imports = new();
    private readonly StringBuilder _definitions = new();
    private readonly HashSet<string> _added = [];
    private readonly HashSet<string> _exports = [];

    /// <summary>Whether there are C++ exceptions, by what was added or in other modules.</summary>
    public bool HasExceptions => isSide || _added.Contains("exceptionTag");

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

    /// <summary>Adds what is shared with side modules, as far as the program has what that uses.</summary>
    /// <returns>Which that is.</returns>
    public List<string> AddShared() => Export(SharedGlue.Types.Keys.Where(IsThere));

    /// <summary>Exports what the host looks at, if it was added.</summary>
    /// <returns>Which that is.</returns>
    public List<string> ExportCallState() => isSide || !_added.Contains(SharedGlue.Handlers) ? [] : Export(SharedGlue.CallState);

    /// <summary>The module of all that was added.</summary>
    public ModuleInfo Assemble() => ModuleInfo.Parse($"{_imports}{_definitions}");

    private List<string> Export(IEnumerable<string> symbols)
    {
        var exported = symbols.ToList();
        foreach (var symbol in exported)
        {
            Require(symbol, symbol);
            _definitions.AppendLine(WatText.Export(SharedGlue.Types[symbol], symbol, SharedGlue.NameOf(symbol)));
        }

        return exported;
    }

    /// <summary>Adds a definition and what it names, that is not only a name within it.</summary>
    private void Define(string text, string importer)
    {
        _definitions.AppendLine(text);
        RequireAll(text, importer);
    }

    private void RequireAll(string text, string importer)
    {
        foreach (var symbol in SymbolsIn(text))
            Require(symbol, importer);
    }

    private static IEnumerable<string> SymbolsIn(string text) =>
        Names().Matches(text).Select(match => match.Groups[1].Value)
            .Where(name => GlueDefinitions.All.ContainsKey(name) || GlueDefinitions.HostFunctions.ContainsKey(name) || ProgramSymbols.All.ContainsKey(name));

    /// <summary>Whether the program has it, or all that it uses. One that catches no exceptions has no handlers: their type is none that code in a cache can have.</summary>
    private bool IsThere(string symbol) =>
        (ProgramSymbols.All.TryGetValue(symbol, out var wanted) && FindInProgram(wanted.Type, wanted.Exports) is not null)
        || (GlueDefinitions.All.TryGetValue(symbol, out var text) && (symbol != SharedGlue.Handlers || IsThere("match")) && SymbolsIn(text).All(used => used == symbol || IsThere(used)));

    private void Require(string symbol, string importer)
    {
        if (!_added.Add(symbol))
            return;
        if (isSide && SharedGlue.Types.TryGetValue(symbol, out var shared))
        {
            _imports.AppendLine(WatText.Import(shared, symbol, SharedGlue.Module, symbol));
            RequireAll(shared, importer);
        }
        else if (ProgramSymbols.All.TryGetValue(symbol, out var wanted) && FindInProgram(wanted.Type, wanted.Exports) is var (module, name, type))
        {
            _imports.AppendLine(WatText.Import(type, symbol, module, name));
        }
        else if (GlueDefinitions.HostFunctions.TryGetValue(symbol, out var function))
        {
            _imports.AppendLine(WatText.Import(function, symbol, GlueDefinitions.Host, symbol));
        }
        else if (GlueDefinitions.All.TryGetValue(symbol, out var text))
        {
            Define(text, importer);
        }
        else
        {
            throw Missing(symbol, importer);
        }
    }

    /// <summary>
    /// An export of the program, with the type wanted; or an import that is no function, with its own type: then that and the one of the glue become one.
    /// </summary>
    private (string Module, string Name, string Type)? FindInProgram(string type, string[] alternatives)
    {
        foreach (var alternative in alternatives)
        {
            if (exports.FirstOrDefault(export => names.Of(export) == alternative && IsOfKind(export.Type, type)) is { } export)
                return (programName, export.Name, type);
            if (imports.FirstOrDefault(import => names.Of(import) == alternative && IsOfKind(import.Type, type) && import.Type.Kind != ExternKind.Func) is { } import)
                return (import.Module, import.Name, import.Type.ToString());
        }

        return null;
    }

    private static bool IsOfKind(ExternType type, string text) => text.StartsWith($"({type.Kind.ToString().ToLowerInvariant()} ", StringComparison.Ordinal);

    private static NotSupportedException Missing(string symbol, string importer)
    {
        var alternatives = string.Join(" or ", ProgramSymbols.All[symbol].Exports);
        return new NotSupportedException(
            $"The program imports {importer}, which uses {alternatives} of the program, and that exports none such. Export it, or tell its name if names are minified (EmscriptenNames.Exports).");
    }

    [GeneratedRegex(@"\$(\w+)")]
    private static partial Regex Names();
}
