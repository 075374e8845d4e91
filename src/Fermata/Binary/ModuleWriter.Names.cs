namespace Fermata.Binary;

/// <summary>The name section of a module made of parts.</summary>
internal sealed partial class ModuleWriter
{
    /// <summary>What is named in a function or type has its names from where that is defined, like the function or type itself.</summary>
    private void WriteNames()
    {
        if (_output.Parts.Select(part => part.Definition.Names.ModuleName).FirstOrDefault(name => name is not null) is { } moduleName)
            _names.AddModule(moduleName);
        for (var kind = NameSubsection.Function; kind <= NameSubsection.Tag; kind++)
        {
            var groups = CollectNames(kind);
            if (NameSection.IsIndirect(kind))
                _names.Add(kind, [.. groups.Select(group => (group.Key, Sorted(group.Value)))]);
            else
                _names.Add(kind, [.. groups.Select(group => (group.Key, group.Value[0].Name))]);
        }
    }

    /// <summary>The names of a kind by the index of the output; those of a definition go before those of imports that became it.</summary>
    private SortedDictionary<int, List<(int Index, string Name)>> CollectNames(NameSubsection kind)
    {
        var space = kind switch
        {
            NameSubsection.Local or NameSubsection.Label => NameSubsection.Function,
            NameSubsection.Field => NameSubsection.Type,
            _ => kind,
        };
        var names = new SortedDictionary<int, List<(int Index, string Name)>>();
        AddNames(kind, space, ofImports: false, names);
        AddNames(kind, space, ofImports: true, names);
        return names;
    }

    private void AddNames(NameSubsection kind, NameSubsection space, bool ofImports, SortedDictionary<int, List<(int Index, string Name)>> names)
    {
        var namedBefore = names.Keys.ToHashSet();
        foreach (var (module, indices) in _output.Parts)
        {
            var imports = module.Imports.Count(import => IndexMap.SpaceOf(import.Kind) == space);
            foreach (var ((outer, inner), name) in module.Names.All(kind))
            {
                if (outer < imports != ofImports || !indices.Has(space, outer) || namedBefore.Contains(indices.Map(space, outer)))
                    continue;
                var index = indices.Map(space, outer);
                if (!names.TryGetValue(index, out var group))
                    names.Add(index, group = []);
                group.Add((inner, name));
            }
        }
    }

    private static IReadOnlyList<(int Index, string Name)> Sorted(List<(int Index, string Name)> names) =>
        [.. names.DistinctBy(name => name.Index).OrderBy(name => name.Index)];
}
