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
        NamedModule[] all = [.. modules];
        return Checked(all, () =>
        {
            var merged = MergeUnchecked(all, renamesConflicts);
            ModuleInfo.Read(merged.Bytes);
            return merged;
        });
    }

    /// <summary>Merges modules, and compiles the result: as <see cref="Merge"/> and <see cref="Module.Load"/>, but validates it once.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="modules">The modules, at least one. Their order is that of their start functions.</param>
    /// <param name="cancellationToken">Ends the load. It is looked at about every millisecond, once the modules are merged.</param>
    /// <exception cref="ArgumentException">There is no module.</exception>
    /// <exception cref="MergeException">The modules do not fit together.</exception>
    /// <exception cref="InvalidModuleException">A module was read without validation of its functions, and breaks a rule.</exception>
    /// <exception cref="NotSupportedException">The merged module uses a feature that the engine does not have.</exception>
    /// <exception cref="LoadLimitException">The merged module costs more than the options of the engine allow.</exception>
    /// <exception cref="OperationCanceledException">The load was cancelled.</exception>
    public static Module Load(Engine engine, IEnumerable<NamedModule> modules, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(modules);
        NamedModule[] all = [.. modules];
        return Checked(all, () => Module.Load(engine, MergeUnchecked(all, renamesConflicts: false).Bytes, cancellationToken));
    }

    /// <summary>Merges modules without a look at the bodies of functions, which may have indices of what is not there.</summary>
    private static MergedModule MergeUnchecked(NamedModule[] modules, bool renamesConflicts)
    {
        if (modules.Length == 0)
            throw new ArgumentException("There is no module to merge.", nameof(modules));
        var registry = new TypeRegistry();
        MergeInput[] inputs =
        [
            .. modules.Select(module =>
                new MergeInput(module.Name, module.Source, module.Module.Definition, ModuleValidator.ValidateWithoutBodies(module.Module.Definition, registry))
                {
                    KeepsExports = module.KeepsExports,
                }),
        ];
        return ModuleMerger.Merge(inputs, renamesConflicts, static input => StackSearch.Find(input.Definition, input.Types) is not null);
    }

    /// <summary>What a function gives, or tells what is wrong with the modules that it merges. What is wrong with none of them are limits: each may keep them, and all together exceed them.</summary>
    private static T Checked<T>(NamedModule[] modules, Func<T> merge)
    {
        try
        {
            return merge();
        }
        catch (Exception e) when (e is ModuleException or IndexOutOfRangeException)
        {
            foreach (var module in modules)
                Module.Validate(module.Module.Bytes);
            if (e is ModuleException)
                throw new MergeException($"the merged module would be invalid: {e.Message}");
            throw;
        }
    }
}
