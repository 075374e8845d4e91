using Fermata.Compilation;
using Fermata.Runtime;
using Fermata.Validation;

namespace Fermata.Hosting;

/// <summary>The code between .NET and WebAssembly that all modules of an engine share, compiled when it is first asked for.</summary>
internal sealed class EngineThunks : EngineCode
{
    private readonly ThunkAssembly _visible = new();
    private readonly AggregateClasses _aggregates;
    private readonly Dictionary<int, nint> _traps = [];

    public EngineThunks(TypeRegistry types)
    {
        _aggregates = new AggregateClasses(types);
        Delegates = new DelegateThunks(_visible);
    }

    public DelegateThunks Delegates { get; }

    public override nint Entry(DefinedType type) => _visible.Entry(type);

    /// <summary>The address of code that takes what a function of this type takes, and calls a delegate that traps.</summary>
    public nint Trap(DefinedType type)
    {
        lock (_traps)
        {
            if (!_traps.TryGetValue(type.Id, out var trap))
            {
                var parameters = ClrTypes.ParametersOf(type.Func!);
                trap = _visible.Define($"Trap{type.Id}", ClrTypes.ResultOf(type.Func!), [typeof(object), .. parameters], MissingFunction.EmitCall);
                _traps.Add(type.Id, trap);
            }

            return trap;
        }
    }

    public override StructClass Struct(DefinedType type) => _aggregates.Struct(type);

    public override ArrayClass Array(DefinedType type) => _aggregates.Array(type);

    public override Function? Cast(Instance caller, int expected, Function found) =>
        caller.Module.CastTo(expected, found.DefinedType) is { } module
            ? Instantiation.OfCast(caller.Store, module, found).FunctionAt(CastModule.FunctionIndex)
            : null;
}
