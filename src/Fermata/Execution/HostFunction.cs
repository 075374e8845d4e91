using Fermata.Execution;
using Fermata.Suspension;
using Fermata.Validation;

namespace Fermata;

/// <summary>A .NET delegate as generated code sees it: the first argument of the thunk that calls the delegate.</summary>
internal sealed class HostFunction
{
    internal readonly Store Store;
    internal readonly StoreContext Context;
    internal readonly Delegate Target;

    /// <summary>The instance whose import this is; null if it is no import.</summary>
    internal readonly Instance? Instance;

    internal readonly DefinedType Type;
    internal readonly HostThunk Thunk;

    /// <summary>Whether the call suspends even if the task is already complete.</summary>
    internal readonly bool AlwaysSuspend;

    /// <summary>Objects for pending calls that are not in use.</summary>
    internal PendingCallPool IdleCalls;

    private HostFunction(Store store, DefinedType type, Delegate target, string name, Instance? instance)
    {
        Store = store;
        Context = store.Context;
        Type = type;
        Target = target;
        Name = name;
        Instance = instance;
        AlwaysSuspend = store.Options.AlwaysSuspend;
        Thunk = store.Engine.DelegateThunks.ForImport(DelegateSignature.OfImport(target.GetType()), type);
    }

    /// <summary>Module and field of the import: <c>env.log</c>.</summary>
    public string Name { get; }

    /// <summary>Makes a function of a delegate that fits the type. The context has slots for the type.</summary>
    public static Function Create(Store store, DefinedType type, Delegate target, string name, Instance? instance)
    {
        var host = new HostFunction(store, type, target, name, instance);
        return new Function(store, type, host.Thunk.Code, host);
    }
}
