namespace Fermata.Hosting;

/// <summary>Finds the functions that a module imports and exports itself.</summary>
internal static class SelfImports
{
    /// <summary>Completes what there is for a module's imports with functions of its own.</summary>
    /// <param name="module">The module.</param>
    /// <param name="self">The module name under which it imports them.</param>
    /// <param name="values">What each import gets; null where there is nothing yet, and where there still is nothing.</param>
    /// <remarks>An export may be an import itself; then both are the same, and nothing if that leads in a circle. Takes time linear in the imports.</remarks>
    public static void Resolve(Module module, string self, object?[] values)
    {
        var imports = module.Definition.Imports;
        var functions = Enumerable.Range(0, imports.Count).Where(i => imports[i].Kind == ExternKind.Func).ToArray();
        var isVisited = new bool[values.Length];
        var path = new List<int>();
        foreach (var first in functions)
        {
            object? found = null;
            var current = first;
            while ((found = values[current]) is null && !isVisited[current])
            {
                isVisited[current] = true;
                path.Add(current);
                if (imports[current].Module != self || module.FindExport(imports[current].Name) is not { Kind: ExternKind.Func } export)
                    break;
                if (export.Index >= functions.Length)
                {
                    found = new OwnFunction(export.Index);
                    break;
                }

                current = functions[export.Index];
            }

            path.ForEach(import => values[import] = found);
            path.Clear();
        }
    }
}
