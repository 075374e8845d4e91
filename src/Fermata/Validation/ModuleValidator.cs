using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Validation;

/// <summary>Checks that a module keeps the rules under which it can be instantiated and run safely.</summary>
/// <remarks>
/// Section 3.5 "Modules". Definitions first, in the order of the reference interpreter, then the bodies. Time is linear in the length of
/// the module.
/// </remarks>
internal sealed partial class ModuleValidator
{
    private readonly ModuleDefinition _module;
    private readonly TypeRegistry _registry;
    private readonly LoadBudget _budget;
    private readonly List<DefinedType> _definedTypes = [];

    /// <summary>The functions that occur outside of bodies, by index (the references of section 3.1.6 "Contexts").</summary>
    private readonly bool[] _declared;

    /// <summary>Complete once the type section was checked; the other spaces fill as they are checked.</summary>
    private ModuleTypes _types;
    private CodeValidator _code;

    private ModuleValidator(ModuleDefinition module, TypeRegistry registry, LoadBudget budget)
    {
        _budget = budget;
        _module = module;
        _registry = registry;
        _declared = new bool[module.Functions.Count];
        _types = null!;
        _code = null!;
    }

    /// <summary>Validates a module.</summary>
    /// <param name="module">The module as decoded.</param>
    /// <param name="registry">Where its types become those of the engine.</param>
    /// <param name="budget">What it may cost; anything by default.</param>
    /// <returns>The module's types, resolved.</returns>
    /// <exception cref="InvalidModuleException">The module breaks a rule.</exception>
    public static ModuleTypes Validate(ModuleDefinition module, TypeRegistry registry, LoadBudget? budget = null)
    {
        budget ??= new LoadBudget();
        var types = ValidateWithoutBodies(module, registry, budget);
        types.Bodies.Validate(budget);
        return types;
    }

    /// <summary>Validates all of a module but the bodies of its functions, for which there is another time, or was one.</summary>
    /// <param name="module">The module as decoded.</param>
    /// <param name="registry">Where its types become those of the engine.</param>
    /// <param name="budget">What it may cost; anything by default.</param>
    /// <param name="longFunction">A function with so many bytes of code, or more, is a long one (<see cref="FunctionBodies.IsLong"/>).</param>
    /// <returns>The module's types, resolved.</returns>
    /// <exception cref="InvalidModuleException">The module breaks a rule.</exception>
    public static ModuleTypes ValidateWithoutBodies(ModuleDefinition module, TypeRegistry registry, LoadBudget? budget = null, int longFunction = int.MaxValue)
    {
        var validator = new ModuleValidator(module, registry, budget ?? new LoadBudget());
        validator.ValidateTypes();
        validator.ValidateDefinitions();
        validator.ValidateSegments();
        validator.ValidateStart();
        validator.ValidateExports();
        validator._types.Bodies = new FunctionBodies(module, validator._types, validator._declared, longFunction);
        return validator._types;
    }

    /// <summary>Section 3.5.10 "Start Function".</summary>
    private void ValidateStart()
    {
        if (_module.Start is not { } start)
            return;
        if (start >= _module.Functions.Count)
            throw new InvalidModuleException($"unknown function {start}", _module.StartOffset);
        var type = _types.FunctionSignature(start);
        if (type.ParameterArray.Length > 0 || type.ResultArray.Length > 0)
            throw new InvalidModuleException("start function must not have parameters or results", _module.StartOffset);
    }

    /// <summary>Section 3.5.12 "Exports".</summary>
    private void ValidateExports()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var export in _module.Exports)
        {
            _budget.Spend();
            if (export.Index >= _module.Count(export.Kind))
                throw new InvalidModuleException($"unknown {Name(export.Kind)} {export.Index}", export.Offset);
            if (!names.Add(export.Name))
                throw new InvalidModuleException($"duplicate export name \"{export.Name}\"", export.Offset);
        }
    }

    private static string Name(ExternKind kind) => kind switch
    {
        ExternKind.Func => "function",
        ExternKind.Table => "table",
        ExternKind.Memory => "memory",
        ExternKind.Global => "global",
        _ => "tag",
    };
}
