using System.Collections.Immutable;

namespace Fermata.Emscripten;

/// <summary>What Emscripten calls the imports and exports of a module whose names were minified, as optimised builds are.</summary>
/// <remarks>The JavaScript file beside the module tells: each import stands there next to the function that it gets.</remarks>
public sealed record EmscriptenNames
{
    /// <summary>No names: imports and exports have those that Emscripten gives them.</summary>
    public static EmscriptenNames None { get; } = new();

    /// <summary>Emscripten's names of imports, such as <c>__assert_fail</c>, by the module name, a dot and the name in the module: <c>a.b</c>. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Imports { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Emscripten's names of exports, such as <c>malloc</c>, by the name in the module. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Exports { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Emscripten's name of an import: its own, unless it is among <see cref="Imports"/>.</summary>
    internal string Of(ImportType import) => Imports.GetValueOrDefault($"{import.Module}.{import.Name}", import.Name);

    /// <summary>Emscripten's name of an export: its own, unless it is among <see cref="Exports"/>.</summary>
    internal string Of(ExportType export) => Exports.GetValueOrDefault(export.Name, export.Name);

    /// <summary>Whether an import is one that Emscripten's JavaScript gives: it is of the module <c>env</c>, or among <see cref="Imports"/>.</summary>
    internal bool IsOfEmscripten(ImportType import) => import.Module == "env" || Imports.ContainsKey($"{import.Module}.{import.Name}");
}
