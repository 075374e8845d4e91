using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Merging;

/// <summary>Finds what each import of the inputs is: a definition of one of them, or an import that stays.</summary>
/// <remarks>
/// An import is resolved where its module name is the name of inputs, the importing one perhaps included, and one of these has the export.
/// An export of what its module itself imports leads on; if it leads back to where it came from, it says nothing, and another export of the
/// same name may. Time is linear: each export leads to one thing.
/// </remarks>
internal sealed class ImportResolution
{
    private readonly IReadOnlyList<MergeInput> _inputs;
    private readonly ILookup<string, MergeInput> _byName;
    private readonly Dictionary<(string Module, string Name), Link> _links = [];
    private readonly Dictionary<(string Module, string Name, ExternType Type), Item> _left = [];
    private readonly Dictionary<Item, Import> _imports = [];
    private readonly Dictionary<Item, Item> _targets = [];

    private ImportResolution(IReadOnlyList<MergeInput> inputs)
    {
        _inputs = inputs;
        _byName = inputs.ToLookup(input => input.Name, StringComparer.Ordinal);
    }

    /// <summary>The imports that stay although inputs have their module name, as none has such an export.</summary>
    public List<Item> Missing { get; } = [];

    /// <summary>How many imports became something else.</summary>
    public int ResolvedCount => _imports.Keys.Count(import => LinkOf(import) is not null);

    /// <summary>Resolves the imports of all inputs.</summary>
    /// <exception cref="MergeException">Exports lead to two things, or in a circle, or types do not match.</exception>
    public static ImportResolution Of(IReadOnlyList<MergeInput> inputs)
    {
        var resolution = new ImportResolution(inputs);
        for (var i = 0; i < inputs.Count; i++)
            resolution.AddExports(i);
        for (var i = 0; i < inputs.Count; i++)
            resolution.AddImports(i);
        resolution.FollowExports();
        foreach (var import in resolution._imports.Keys)
            resolution.Check(import);
        return resolution;
    }

    /// <summary>What an item really is: itself, unless it is an import that was resolved, or that stays and is equal to an earlier one.</summary>
    public Item Target(Item item) => _targets.GetValueOrDefault(item, item);

    /// <summary>Whether an item is an import that stays one.</summary>
    public bool IsImport(Item item) => _imports.ContainsKey(Target(item));

    /// <summary>Tells people of an import that is <see cref="Missing"/>.</summary>
    public string DescribeMissing(Item import)
    {
        var named = _byName[_imports[import].Module];
        var count = named.Count();
        var reason = count == 1 ? $"{named.First().File} has no such export" : $"none of the {count} modules of that name has such an export";
        return $"{_inputs[import.Input].File}: import {Name(import)} stays, as {reason}";
    }

    private void AddExports(int number)
    {
        var input = _inputs[number];
        foreach (var export in input.Definition.Exports)
        {
            if (!_links.TryGetValue((input.Name, export.Name), out var link))
                _links.Add((input.Name, export.Name), link = new Link());
            link.Exports.Add(new Item(number, export.Kind, export.Index));
        }
    }

    private void AddImports(int number)
    {
        foreach (var import in _inputs[number].Definition.Imports)
        {
            var item = new Item(number, import.Kind, import.Index);
            _imports.Add(item, import);
            if (LinkOf(item) is { } link)
                link.Imports.Add(item);
            else if (!_left.TryAdd((import.Module, import.Name, TypeOf(item)), item))
                _targets.Add(item, _left[(import.Module, import.Name, TypeOf(item))]);
            else if (_byName.Contains(import.Module))
                Missing.Add(item);
        }
    }

    /// <summary>The exports that an import can become; null for an import that stays, and for what is no import.</summary>
    private Link? LinkOf(Item item) =>
        _imports.TryGetValue(item, out var import) ? _links.GetValueOrDefault((import.Module, import.Name)) : null;

    /// <summary>Goes from what is no import, or an import that stays, to the imports that exports make of it.</summary>
    private void FollowExports()
    {
        var exports = _links.Values.SelectMany(link => link.Exports, (link, export) => (Export: export, Link: link)).ToList();
        var ofImports = exports.Where(pair => LinkOf(pair.Export) is not null).ToLookup(pair => pair.Export, pair => pair.Link);
        var found = new Queue<(Link Link, Item Export, Item Target)>(
            exports.Where(pair => LinkOf(pair.Export) is null).Select(pair => (pair.Link, pair.Export, Target(pair.Export))));
        while (found.TryDequeue(out var next))
        {
            var (link, export, target) = next;
            if (link.Found is not { } before)
            {
                link.Found = (target, export);
                foreach (var import in link.Imports)
                {
                    _targets.Add(import, target);
                    foreach (var further in ofImports[import])
                        found.Enqueue((further, import, target));
                }
            }
            else if (before.Target != target && link.Imports is [var importer, ..])
            {
                throw Ambiguous(importer, before.Export, export);
            }
        }
    }

    private void Check(Item import)
    {
        if (LinkOf(import) is { Found: null })
            throw Problem(import, $"import {Name(import)} leads back to itself through exports of imports");
        var target = Target(import);
        if (!_inputs[import.Input].Types.Registry.IsSubtype(TypeOf(target), TypeOf(import)))
            throw Incompatible(import, target);
    }

    private MergeException Ambiguous(Item item, Item first, Item second) =>
        Problem(item, $"import {Name(item)} may be the export of {_inputs[first.Input].File} or that of {_inputs[second.Input].File}; give these modules names of their own");

    private MergeException Incompatible(Item item, Item found)
    {
        var import = _imports[item];
        return Problem(item, new LinkProblem(import.Module, import.Name, TypeOf(item), TypeOf(found)).ToString());
    }

    private ExternType TypeOf(Item item) => _inputs[item.Input].Types.Of(item.Kind, item.Index);

    private string Name(Item import) => $"{HostileText.Quoted(_imports[import].Module)} {HostileText.Quoted(_imports[import].Name)}";

    private MergeException Problem(Item item, string problem) => new(_inputs[item.Input], problem);
}
