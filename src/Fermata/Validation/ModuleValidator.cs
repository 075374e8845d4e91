using System.Collections;
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
    private readonly int _longFunction;
    private readonly List<DefinedType> _definedTypes = [];

    /// <summary>Complete once the type section was checked; the other spaces fill as they are checked.</summary>
    private ModuleTypes _types;
    private CodeValidator _code;

    private ModuleValidator(ModuleDefinition module, TypeRegistry registry, LoadBudget budget, int longFunction)
    {
        _budget = budget;
        _longFunction = longFunction;
        _module = module;
        _registry = registry;
        _types = null!;
        _code = null!;
    }

    /// <summary>Validates a module.</summary>
    /// <param name="module">The module as decoded.</param>
    /// <param name="registry">Where its types become those of the engine.</param>
    /// <param name="budget">What it may cost; anything by default.</param>
    /// <param name="longFunction">Of functions with so many bytes of code, or more, it is noted where their statements begin (<see cref="ModuleTypes.Statements"/>).</param>
    /// <returns>The module's types, resolved.</returns>
    /// <exception cref="InvalidModuleException">The module breaks a rule.</exception>
    public static ModuleTypes Validate(ModuleDefinition module, TypeRegistry registry, LoadBudget? budget = null, int longFunction = int.MaxValue)
    {
        var validator = new ModuleValidator(module, registry, budget ?? new LoadBudget(), longFunction);
        validator.ValidateTypes();
        validator.ValidateDefinitions();
        validator.ValidateSegments();
        validator.ValidateBodies();
        validator.ValidateStart();
        validator.ValidateExports();
        return validator._types;
    }

    /// <summary>Validates all of a module but the bodies of its functions, for which there is another time, or was one. What validation notes of bodies is not there.</summary>
    /// <param name="module">The module as decoded.</param>
    /// <param name="registry">Where its types are wanted.</param>
    /// <returns>The module's types, resolved.</returns>
    /// <exception cref="InvalidModuleException">The module breaks a rule.</exception>
    public static ModuleTypes ValidateWithoutBodies(ModuleDefinition module, TypeRegistry registry)
    {
        var validator = new ModuleValidator(module, registry, new LoadBudget(), int.MaxValue);
        validator.ValidateTypes();
        validator.ValidateDefinitions();
        validator.ValidateSegments();
        validator.ValidateStart();
        validator.ValidateExports();
        return validator._types;
    }

    private void ValidateBodies()
    {
        _types.Operands = new int[_module.Functions.Count];
        for (var i = _module.ImportedFunctionCount; i < _module.Functions.Count; i++)
        {
            _budget.Function = i;
            (_types.Operands[i], var listedValues) = _code.ValidateFunction(i, _types.FunctionSignature(i), StatementsOf(i));
            if (listedValues > 0)
                _types.ListedValues.Add(i, listedValues);
        }

        _budget.Function = null;
    }

    private BitArray? StatementsOf(int function)
    {
        var length = _module.Functions[function].Body!.Code.Length;
        if (length < _longFunction)
            return null;
        var statements = new BitArray(length) { [0] = true };
        _types.Statements.Add(function, statements);
        return statements;
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
