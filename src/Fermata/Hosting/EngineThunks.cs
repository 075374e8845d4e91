using Fermata.Compilation;
using Fermata.Runtime;
using Fermata.Validation;

namespace Fermata.Hosting;

/// <summary>The code between .NET and WebAssembly that all modules of an engine share, compiled when it is first asked for.</summary>
internal sealed class EngineThunks : EngineCode
{
    private readonly ThunkAssembly _visible = new();
    private readonly AggregateClasses _aggregates;

    public EngineThunks(TypeRegistry types)
    {
        _aggregates = new AggregateClasses(types);
        Delegates = new DelegateThunks(_visible);
    }

    public DelegateThunks Delegates { get; }

    public override nint Entry(DefinedType type) => _visible.Entry(type);

    public override StructClass Struct(DefinedType type) => _aggregates.Struct(type);

    public override ArrayClass Array(DefinedType type) => _aggregates.Array(type);

    public override Function? Cast(Instance caller, int expected, Function found) =>
        caller.Module.CastTo(expected, found.DefinedType) is { } module
            ? Instantiation.OfCast(caller.Store, module, found).FunctionAt(CastModule.FunctionIndex)
            : null;
}
