using Fermata.Validation;

namespace Fermata.Runtime;

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

    public HostFunction(Store store, DefinedType type, HostThunk thunk, Delegate target, string name, Instance? instance)
    {
        Store = store;
        Context = store.Context;
        Type = type;
        Target = target;
        Name = name;
        Instance = instance;
        AlwaysSuspend = store.Options.AlwaysSuspend;
        Thunk = thunk;
    }

    /// <summary>Module and field of the import: <c>env.log</c>.</summary>
    public string Name { get; }
}
