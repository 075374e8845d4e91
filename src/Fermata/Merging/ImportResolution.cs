using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Merging;

/// <summary>Finds what each import of the inputs is: a definition of one of them, or an import that stays.</summary>
/// <remarks>
/// An import is resolved where its module name is the name of an input, the importing one included, and that input has the export. An
/// export of what its module itself imports leads on. Time is linear: what a chain leads to is noted for all of it.
/// </remarks>
internal sealed class ImportResolution
{
    private readonly IReadOnlyList<MergeInput> _inputs;
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Input, string Name), Export> _exports = [];
    private readonly Dictionary<Item, Import> _imports = [];
    private readonly Dictionary<Item, Item> _targets = [];

    private ImportResolution(IReadOnlyList<MergeInput> inputs) => _inputs = inputs;

    /// <summary>The imports that stay although an input has their module name, as it has no such export.</summary>
    public List<Item> Missing { get; } = [];

    /// <summary>How many imports became something else.</summary>
    public int ResolvedCount => _imports.Keys.Count(import => Target(import) != import);

    /// <summary>Resolves the imports of all inputs.</summary>
    /// <exception cref="MergeException">Two inputs have one name, types do not match, or exports lead in a circle.</exception>
    public static ImportResolution Of(IReadOnlyList<MergeInput> inputs)
    {
        var resolution = new ImportResolution(inputs);
        for (var i = 0; i < inputs.Count; i++)
            resolution.Index(i);
        foreach (var import in resolution._imports.Keys)
            resolution.Follow(import);
        foreach (var import in resolution._imports.Keys)
            resolution.CheckType(import);
        return resolution;
    }

    /// <summary>What an item really is: itself, unless it is an import that was resolved.</summary>
    public Item Target(Item item) => _targets.GetValueOrDefault(item, item);

    /// <summary>Whether an item is an import that stays one.</summary>
    public bool IsImport(Item item) => _imports.ContainsKey(Target(item));

    /// <summary>Tells people of an import that is <see cref="Missing"/>.</summary>
    public string DescribeMissing(Item import) =>
        $"{_inputs[import.Input].File}: import {Name(import)} stays, as {_inputs[_byName[_imports[import].Module]].File} has no such export";

    private void Index(int number)
    {
        var input = _inputs[number];
        if (!_byName.TryAdd(input.Name, number))
            throw new MergeException(input, $"is named {HostileText.Quoted(input.Name)}, as is {_inputs[_byName[input.Name]].File}; give each module a name of its own");
        foreach (var export in input.Definition.Exports)
            _exports.Add((number, export.Name), export);
        foreach (var import in input.Definition.Imports)
            _imports.Add(new Item(number, import.Kind, import.Index), import);
    }

    private void Follow(Item import)
    {
        var path = new HashSet<Item>();
        var item = import;
        while (!_targets.ContainsKey(item) && Next(item) is { } next)
        {
            if (!path.Add(item))
                throw Problem(item, $"import {Name(item)} leads back to itself through exports of imports");
            item = next;
        }

        var target = Target(item);
        _targets.TryAdd(item, target);
        foreach (var passed in path)
            _targets[passed] = target;
    }

    /// <summary>What an import names; null for one that stays, and for what is no import.</summary>
    private Item? Next(Item item)
    {
        if (!_imports.TryGetValue(item, out var import) || !_byName.TryGetValue(import.Module, out var exporter))
            return null;
        if (!_exports.TryGetValue((exporter, import.Name), out var export))
        {
            Missing.Add(item);
            return null;
        }

        var next = new Item(exporter, export.Kind, export.Index);
        return export.Kind == import.Kind ? next : throw Incompatible(item, next);
    }

    private void CheckType(Item import)
    {
        var target = Target(import);
        if (!_inputs[import.Input].Types.Registry.IsSubtype(TypeOf(target), TypeOf(import)))
            throw Incompatible(import, target);
    }

    private MergeException Incompatible(Item item, Item found)
    {
        var import = _imports[item];
        return Problem(item, LinkException.IncompatibleImportType(import.Module, import.Name, TypeOf(item), TypeOf(found)).Message);
    }

    private ExternType TypeOf(Item item) => _inputs[item.Input].Types.Of(item.Kind, item.Index);

    private string Name(Item import) => $"{HostileText.Quoted(_imports[import].Module)} {HostileText.Quoted(_imports[import].Name)}";

    private MergeException Problem(Item item, string problem) => new(_inputs[item.Input], problem);
}
