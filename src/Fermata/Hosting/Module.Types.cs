using Fermata.Structure;

namespace Fermata;

public sealed partial class Module
{
    private Dictionary<string, Export>? _exportsByName;

    /// <summary>What an instance of the module has to be given, in the order of the module.</summary>
    public IReadOnlyList<ImportType> Imports =>
        field ??= Definition.Imports.ConvertAll(import => new ImportType(import.Module, import.Name, TypeOf(import.Kind, import.Index)));

    /// <summary>What an instance of the module makes accessible, in the order of the module.</summary>
    public IReadOnlyList<ExportType> Exports =>
        field ??= Definition.Exports.ConvertAll(export => new ExportType(export.Name, TypeOf(export.Kind, export.Index)));

    /// <summary>The export with a name; null if there is none.</summary>
    internal Export? FindExport(string name)
    {
        _exportsByName ??= Definition.Exports.ToDictionary(export => export.Name, StringComparer.Ordinal);
        return _exportsByName.GetValueOrDefault(name);
    }

    /// <summary>The type of a thing in the index space of its kind.</summary>
    private ExternType TypeOf(ExternKind kind, int index) => kind switch
    {
        ExternKind.Func => new FunctionType(Types.FunctionTypes[index].Id, Types.FunctionSignature(index)),
        ExternKind.Table => Types.TableTypes[index],
        ExternKind.Memory => Types.MemoryTypes[index],
        ExternKind.Global => Types.GlobalTypes[index],
        _ => new TagType(Types.TagTypes[index].Id, (FuncType)Types.TagTypes[index].Composite),
    };
}
