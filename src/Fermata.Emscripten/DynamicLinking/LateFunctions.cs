using System.Globalization;
using System.Text;
using Fermata.Emscripten.Glue;

namespace Fermata.Emscripten.DynamicLinking;

/// <summary>
/// Functions that modules import before any module defines them. Each is a few instructions of WebAssembly, which call what is in a slot for it: so there is no frame of the
/// host, and the call suspends as any other. As long as the slot is empty, the call is a trap (<see cref="TrapKind.UnknownImport"/>) that names the function.
/// </summary>
internal sealed class LateFunctions(Store store, CompiledLibraries modules)
{
    private const string Slots = "slots";

    private readonly Dictionary<string, List<(Table Table, int Index)>> _open = new(StringComparer.Ordinal);

    /// <summary>Defines imports in this way, as far as their types can be written.</summary>
    public void Define(Linker linker, IEnumerable<ImportType> imports)
    {
        ImportType[] all = [.. imports.Where(import => import.Type is FunctionType { Signature: var type } && WatText.Knows(type)).DistinctBy(import => (import.Module, import.Name))];
        if (all.Length == 0)
            return;
        var module = modules.Parse(store.Engine, Write(all));
        var instance = new Linker(store.Engine).DefineUnknownImportsAsTraps(module).Instantiate(store, module);
        var slots = instance.GetTable(Slots);
        foreach (var (index, import) in all.Index())
        {
            linker.Define(import.Module, import.Name, instance.GetFunction(NameOf(index)));
            if (!_open.TryGetValue(import.Name, out var same))
                _open[import.Name] = same = [];
            same.Add((slots, index));
        }
    }

    /// <summary>Lets the calls reach functions that are defined now.</summary>
    public void Fill(Func<string, Function?> find)
    {
        foreach (var symbol in _open.Keys.ToArray())
        {
            if (find(symbol) is not { } function)
                continue;
            foreach (var (table, index) in _open[symbol])
                table.Set(index, function);
            _open.Remove(symbol);
        }
    }

    private static string Write(ImportType[] imports)
    {
        var (missing, functions) = (new StringBuilder(), new StringBuilder());
        foreach (var (index, import) in imports.Index())
        {
            var type = ((FunctionType)import.Type).Signature;
            var signature = WatText.Signature(type);
            var arguments = string.Concat(Enumerable.Range(0, type.Parameters.Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"(local.get {i})")));
            missing.AppendLine(CultureInfo.InvariantCulture, $"(func $missing{index} (import {WatText.Quote(import.Module)} {WatText.Quote(import.Name)}) {signature})");
            functions.AppendLine(
                CultureInfo.InvariantCulture,
                $"""
                (func (export "{NameOf(index)}") {signature}
                (if (ref.is_null (table.get (i32.const {index}))) (then (return_call $missing{index} {arguments})))
                (call_indirect {signature} {arguments} (i32.const {index})))
                """);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{missing}(table (export \"{Slots}\") {imports.Length} funcref)\n{functions}");
    }

    private static string NameOf(int index) => index.ToString(CultureInfo.InvariantCulture);
}
