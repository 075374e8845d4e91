using Fermata.Binary;

namespace Fermata.Merging;

/// <summary>Gives the things of all inputs their indices in the merged module: imports first, then definitions.</summary>
internal sealed class MergedIndices
{
    private readonly IReadOnlyList<MergeInput> _inputs;
    private readonly ImportResolution _resolution;
    private readonly int[] _counts = new int[(int)NameSubsection.Tag + 1];

    private MergedIndices(IReadOnlyList<MergeInput> inputs, ImportResolution resolution)
    {
        _inputs = inputs;
        _resolution = resolution;
        Parts = [.. inputs.Select(PartOf)];
    }

    /// <summary>The inputs with their indices.</summary>
    public List<ModulePart> Parts { get; }

    public MergedTypes Types { get; } = new();

    /// <summary>The imports that stay. Equal ones became one.</summary>
    public List<(ModulePart Part, Import Import)> Imports { get; } = [];

    /// <param name="inputs">The inputs.</param>
    /// <param name="resolution">What their imports are.</param>
    /// <param name="globals">Their globals in order.</param>
    public static MergedIndices Of(IReadOnlyList<MergeInput> inputs, ImportResolution resolution, IReadOnlyList<Item> globals)
    {
        var indices = new MergedIndices(inputs, resolution);
        for (var i = 0; i < inputs.Count; i++)
            indices.Types.Add(indices.Parts[i], inputs[i].Types);
        indices.ForEachImport(indices.AddImport);
        for (var i = 0; i < inputs.Count; i++)
            indices.AddDefinitions(i);
        foreach (var global in globals)
            indices.Add(global);
        indices.ForEachImport(indices.AddResolved);
        return indices;
    }

    /// <summary>The index of an item of an input.</summary>
    public int Of(Item item) => Parts[item.Input].Indices.Map(item.Space, item.Index);

    /// <summary>Adds a module behind the inputs that imports nothing but functions, which are given.</summary>
    public ModulePart Append(MergeInput input, IReadOnlyList<int> functions)
    {
        var part = PartOf(input);
        Parts.Add(part);
        Types.Add(part, input.Types);
        for (var i = 0; i < functions.Count; i++)
            part.Indices.Assign(NameSubsection.Function, i, functions[i]);
        AddDefinitions(Parts.Count - 1);
        return part;
    }

    private static ModulePart PartOf(MergeInput input) => new(input.Definition, IndexMap.For(input.Definition));

    private void ForEachImport(Action<Item, Import> action)
    {
        for (var i = 0; i < _inputs.Count; i++)
        {
            foreach (var import in _inputs[i].Definition.Imports)
                action(new Item(i, import.Kind, import.Index), import);
        }
    }

    private void AddImport(Item item, Import import)
    {
        if (_resolution.Target(item) != item)
            return;
        Add(item);
        Imports.Add((Parts[item.Input], import));
    }

    private void AddResolved(Item item, Import import)
    {
        if (_resolution.Target(item) is var target && target != item)
            Assign(item, Of(target));
    }

    private void AddDefinitions(int input)
    {
        var (module, indices) = Parts[input];
        foreach (var kind in Enum.GetValues<ExternKind>().Where(kind => kind != ExternKind.Global))
        {
            for (var i = module.Imports.Count(import => import.Kind == kind); i < module.Count(kind); i++)
                Add(new Item(input, kind, i));
        }

        for (var i = 0; i < module.Elements.Count; i++)
            indices.Assign(NameSubsection.Element, i, _counts[(int)NameSubsection.Element]++);
        for (var i = 0; i < module.Data.Count; i++)
            indices.Assign(NameSubsection.Data, i, _counts[(int)NameSubsection.Data]++);
    }

    private void Add(Item item) => Assign(item, _counts[(int)item.Space]++);

    private void Assign(Item item, int index) => Parts[item.Input].Indices.Assign(item.Space, item.Index, index);
}
