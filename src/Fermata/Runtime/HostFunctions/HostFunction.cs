using Fermata.Validation;

namespace Fermata.Runtime;

/// <summary>A .NET delegate as generated code sees it: the first argument of the thunk that calls the delegate.</summary>
internal sealed class HostFunction
{
    internal readonly Store Store;
    internal readonly StoreContext Context;
    internal readonly Delegate Target;

    /// <summary>The second step of an import in two steps; null for any other.</summary>
    internal readonly Delegate? Completion;

    /// <summary>Its function index in <see cref="Instance"/>; -1 if it is no import.</summary>
    internal readonly int Index;

    /// <summary>The instance whose import this is; null if it is no import.</summary>
    internal readonly Instance? Instance;

    internal readonly DefinedType Type;
    internal readonly HostThunk Thunk;

    /// <summary>Whether the call suspends even if the task is already complete.</summary>
    internal readonly bool AlwaysSuspend;

    /// <summary>Objects for suspensions that are not in use.</summary>
    internal SuspensionPool IdleSuspensions;

    /// <param name="store">The store.</param>
    /// <param name="type">The type of the function.</param>
    /// <param name="thunk">What calls the delegates.</param>
    /// <param name="target">What is called.</param>
    /// <param name="completion">The second step of an import in two steps; null for any other.</param>
    /// <param name="name">Module and field of the import, or what else it is called in messages.</param>
    /// <param name="instance">The instance whose import it is; null if it is none.</param>
    /// <param name="index">Its function index in the instance; -1 if it is no import.</param>
    public HostFunction(
        Store store, DefinedType type, HostThunk thunk, Delegate target, Delegate? completion, string name, Instance? instance, int index)
    {
        Store = store;
        Context = store.Context;
        Type = type;
        Target = target;
        Completion = completion;
        Index = index;
        Name = name;
        Instance = instance;
        AlwaysSuspend = store.Options.AlwaysSuspend;
        Thunk = thunk;
    }

    /// <summary>Host code that WebAssembly does not call, and that stands in the way of suspensions all the same.</summary>
    public HostFunction(Store store, string name, Delegate target)
        : this(store, store.Engine.Types.Intern(new FuncType([], [])), new HostThunk(0, null, IsSuspending: true), target, null, name, null, -1)
    {
    }

    /// <summary>Module and field of the import: <c>env.log</c>.</summary>
    public string Name { get; }
}
