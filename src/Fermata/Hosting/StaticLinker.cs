using Fermata.Merging;
using Fermata.Runtime;
using Fermata.Validation;

namespace Fermata;

/// <summary>Links modules statically: one module that does what instances of them do that import from each other.</summary>
/// <remarks>Unlike instances, modules may import from each other in a circle. All segments are copied before any start function runs.</remarks>
public static class StaticLinker
{
    /// <summary>Merges modules into one: imports of one become exports of another.</summary>
    /// <param name="modules">The modules, at least one. Their order is that of their start functions.</param>
    /// <param name="renamesConflicts">Whether an export whose name is taken becomes <c>NAME.name</c>, after its module; it is an error otherwise.</param>
    /// <exception cref="ArgumentException">There is no module.</exception>
    /// <exception cref="MergeException">The modules do not fit together.</exception>
    public static MergedModule Merge(IEnumerable<NamedModule> modules, bool renamesConflicts = false)
    {
        ArgumentNullException.ThrowIfNull(modules);
        var registry = new TypeRegistry();
        MergeInput[] inputs =
        [
            .. modules.Select(module => new MergeInput(module.Name, module.Source, module.Module.Definition, ModuleValidator.ResolveTypes(module.Module.Definition, registry))
            {
                KeepsExports = module.KeepsExports,
            }),
        ];
        if (inputs.Length == 0)
            throw new ArgumentException("There is no module to merge.", nameof(modules));
        return ModuleMerger.Merge(inputs, renamesConflicts, static input => StackSearch.Find(input.Definition, input.Types) is not null);
    }
}
