using Fermata.Binary;
using Fermata.Structure;
using Fermata.Validation;

namespace Fermata;

public sealed partial class Module
{
    private Dictionary<string, Export>? _exportsByName;

    /// <summary>What an instance of the module has to be given, in the order of the module.</summary>
    public IReadOnlyList<ImportType> Imports =>
        field ??= Definition.Imports.ConvertAll(import => new ImportType(import.Module, import.Name, Types.Of(import.Kind, import.Index)));

    /// <summary>What an instance of the module makes accessible, in the order of the module.</summary>
    public IReadOnlyList<ExportType> Exports =>
        field ??= Definition.Exports.ConvertAll(export => new ExportType(export.Name, Types.Of(export.Kind, export.Index)));

    /// <summary>The export with a name; null if there is none.</summary>
    internal Export? FindExport(string name)
    {
        _exportsByName ??= Definition.Exports.ToDictionary(export => export.Name, StringComparer.Ordinal);
        return _exportsByName.GetValueOrDefault(name);
    }

    /// <summary>A resolved heap type as messages tell it.</summary>
    internal string Describe(HeapType type) => type.IsDefined ? Describe(Engine.Types.Get(type.Number)) : type.ToString();

    /// <summary>A type as messages tell it: its index and its name, if it is one of the module's, and what it is.</summary>
    internal string Describe(DefinedType type)
    {
        var shape = type.Composite switch
        {
            FuncType function => function.ToString(),
            StructType => "(struct)",
            _ => "(array)",
        };
        var index = Array.IndexOf(Types.Types, type);
        return index < 0 ? shape : $"type {Definition.Names.Describe(NameSubsection.Type, index)} {shape}";
    }
}
