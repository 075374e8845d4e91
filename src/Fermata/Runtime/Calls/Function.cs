using Fermata.Runtime;
using Fermata.Validation;

namespace Fermata;

/// <summary>A function of a store: the value behind a function export and behind a <c>funcref</c>.</summary>
/// <remarks>
/// Section 4.2.7 "Function Instances". Generated code calls <c>Code</c> with <c>Environment</c> as the first argument: the
/// instance of a WebAssembly function, or an <see cref="UnboundFunction"/> until it is first called; the <see cref="HostFunction"/> of a host function.
/// </remarks>
public sealed partial class Function : ITypedReference
{
    internal nint Code;
    internal object Environment;

    /// <summary>That of the store. Generated code compares it: a structure of another store may have brought the function along.</summary>
    internal readonly StoreContext Context;

    /// <summary>The identity of the type; what <c>call_indirect</c> compares first.</summary>
    internal readonly int TypeId;

    internal Function(Store store, DefinedType type, nint code, object environment)
    {
        Context = store.Context;
        DefinedType = type;
        TypeId = type.Id;
        Code = code;
        Environment = environment;
    }

    /// <summary>The store that the function belongs to.</summary>
    public Store Store => Context.Store;

    /// <summary>The parameters and results.</summary>
    public FuncType Type => DefinedType.Func!;

    internal DefinedType DefinedType { get; }

    DefinedType ITypedReference.DefinedType => DefinedType;

    /// <summary>The index in its module's function index space; -1 for a host function.</summary>
    internal int Index { get; init; } = -1;

    /// <summary>The instance that a WebAssembly function is of; null for a host function.</summary>
    internal Instance? Instance => Environment as Instance ?? (Environment as UnboundFunction)?.Instance;

    /// <summary>What the function is called in traces and messages.</summary>
    public string Name => Environment is HostFunction host ? host.Name : Instance!.Module.FunctionName(Index);

    /// <summary>A function of an instance, whose code is made when it is first called, unless there is some.</summary>
    internal static Function Of(Instance instance, DefinedType type, int index)
    {
        var store = instance.Store;
        if (instance.Code.FindEntryPoint(index) is var code and not 0)
            return new Function(store, type, code, instance) { Index = index };
        var unbound = new UnboundFunction(instance);
        return unbound.Function = new Function(store, type, store.Engine.Code.Binding(type), unbound) { Index = index };
    }

    /// <summary>Has the function call its code directly from now on. Code that has loaded one of the fields calls nothing before it has loaded the other.</summary>
    internal void Bind(Instance instance)
    {
        Code = instance.Code.EntryPoint(Index);
        Environment = instance;
    }
}
