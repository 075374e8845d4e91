using System.Collections;
using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Validation;

/// <summary>The bodies of the functions of a module: validated all at once or, where it is known that they are valid, each when something is to be known of it.</summary>
/// <remarks>Safe for use by several threads.</remarks>
internal sealed class FunctionBodies
{
    private readonly ModuleDefinition _module;
    private readonly ModuleTypes _types;
    private readonly bool[] _declared;
    private readonly int _longFunction;
    private readonly Lock _gate = new();
    private readonly BodyNotes?[] _notes;

    /// <summary>For the bodies that are validated later. Created when first needed; locked.</summary>
    private CodeValidator? _validator;

    /// <param name="module">The module as decoded.</param>
    /// <param name="types">Its types; all index spaces are filled.</param>
    /// <param name="declared">By index, the functions that bodies may refer to.</param>
    /// <param name="longFunction">A function with so many bytes of code, or more, is a long one.</param>
    public FunctionBodies(ModuleDefinition module, ModuleTypes types, bool[] declared, int longFunction)
    {
        _module = module;
        _types = types;
        _declared = declared;
        _longFunction = longFunction;
        _notes = new BodyNotes?[module.Functions.Count];
    }

    /// <summary>The long functions: those that <see cref="Compilation.SplitFunction"/> may split.</summary>
    public IEnumerable<int> LongFunctions => Enumerable.Range(0, _notes.Length).Where(IsLong);

    /// <summary>Whether a function is a long one.</summary>
    public bool IsLong(int function) => _module.Functions[function].Body is { } body && body.Code.Length >= _longFunction;

    /// <summary>The functions of which is known what validation notes.</summary>
    public IEnumerable<int> Known => Enumerable.Range(0, _notes.Length).Where(function => _notes[function] is not null);

    /// <summary>Validates all of them.</summary>
    /// <param name="budget">What it may cost.</param>
    /// <exception cref="InvalidModuleException">One breaks a rule.</exception>
    public void Validate(LoadBudget budget)
    {
        var first = _module.ImportedFunctionCount;
        FunctionPass.Run(first, _notes.Length, _module.CodeLength, budget, threadBudget =>
        {
            var validator = new CodeValidator(_module, _types, threadBudget, _declared);
            return function => _notes[function] = Validate(validator, function);
        });
    }

    /// <summary>What validation notes of a function.</summary>
    public BodyNotes Of(int function)
    {
        lock (_gate)
            return _notes[function] ??= Validate(_validator ??= new CodeValidator(_module, _types, new LoadBudget(), _declared), function);
    }

    private BodyNotes Validate(CodeValidator validator, int function)
    {
        var statements = IsLong(function) ? new BitArray(_module.Functions[function].Body!.Code.Length) { [0] = true } : null;
        return validator.ValidateFunction(function, _types.FunctionSignature(function), statements);
    }
}
