using Fermata.Runtime;
using Fermata.Validation;

namespace Fermata;

/// <summary>A function of a store: the value behind a function export and behind a <c>funcref</c>.</summary>
/// <remarks>
/// Section 4.2.7 "Function Instances". Generated code calls <c>Code</c> with <c>Environment</c> as the first argument: the
/// instance of a WebAssembly function, the <see cref="HostFunction"/> of a host function.
/// </remarks>
public sealed partial class Function : ITypedReference
{
    internal readonly nint Code;
    internal readonly object Environment;

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

    /// <summary>What the function is called in traces and messages.</summary>
    public string Name => Environment switch
    {
        Instance instance => instance.Module.FunctionName(Index),
        HostFunction host => host.Name,
        _ => "function",
    };
}
