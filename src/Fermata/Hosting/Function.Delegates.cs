using Fermata.Hosting;
using Fermata.Runtime;
using Fermata.Validation;

namespace Fermata;

public sealed partial class Function
{
    /// <summary>Makes a function of a delegate, to be passed to WebAssembly as a funcref or an import.</summary>
    /// <param name="store">The store that the function is to belong to.</param>
    /// <param name="target">A delegate, as <see cref="Linker.Define(string, string, Delegate)"/> takes it.</param>
    /// <param name="name">What the function is called in messages.</param>
    /// <exception cref="ArgumentException">
    /// The delegate has parameters or results that WebAssembly cannot pass; or it is async and returns void; or it is several that return tasks.
    /// </exception>
    public static Function Create(Store store, Delegate target, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(target);
        return Make(store, new HostDefinition(store.Engine.Types, target), name);
    }

    /// <summary>Makes a function of two delegates, the steps of a suspending import.</summary>
    /// <param name="store">The store that the function is to belong to.</param>
    /// <param name="begin">The first step, as <see cref="Linker.Define(string, string, Delegate, Delegate)"/> takes it.</param>
    /// <param name="complete">The second step.</param>
    /// <param name="name">What the function is called in messages.</param>
    /// <exception cref="ArgumentException">The delegates do not fit together, or have parameters or results that WebAssembly cannot pass.</exception>
    public static Function Create(Store store, Delegate begin, Delegate complete, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(begin);
        ArgumentNullException.ThrowIfNull(complete);
        return Make(store, new HostDefinition(store.Engine.Types, begin, complete), name);
    }

    /// <summary>Makes a function of a type that is known only now.</summary>
    /// <param name="store">The store that the function is to belong to.</param>
    /// <param name="type">The parameters and results.</param>
    /// <param name="target">What it does.</param>
    /// <param name="name">What the function is called in messages.</param>
    /// <exception cref="InvalidOperationException">The type refers to one of a module that is gone (<see cref="HeapType"/>).</exception>
    public static Function Create(Store store, FuncType type, UntypedFunction target, string? name = null) => MakeUntyped(store, type, target, name);

    /// <summary>Makes a function of a type that is known only now, on whose task WebAssembly waits.</summary>
    /// <inheritdoc cref="Create(Store, FuncType, UntypedFunction, string?)"/>
    /// <exception cref="ArgumentException">The delegate is several (multicast), of which only the last one's task would be waited for.</exception>
    public static Function Create(Store store, FuncType type, AsyncUntypedFunction target, string? name = null) => MakeUntyped(store, type, target, name);

    private static Function MakeUntyped(Store store, FuncType type, Delegate target, string? name)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(target);
        return Make(store, new HostDefinition(store.Engine.Types, type, target), name);
    }

    private static Function Make(Store store, HostDefinition definition, string? name)
    {
        store.Scheduler.EnterTurn();
        try
        {
            store.Context.EnsureSlots(definition.Type.Func!);
        }
        finally
        {
            store.Scheduler.LeaveTurn();
        }

        return Bind(store, definition.Type, definition, name ?? definition.Target.Method.Name, null, -1);
    }

    /// <summary>Makes a function of what fits the type. The context has slots for the type.</summary>
    internal static Function Bind(Store store, DefinedType type, HostDefinition definition, string name, Instance? instance, int index)
    {
        var thunk = definition.ThunkIn(store.Engine.Thunks.For(type));
        return new Function(store, type, thunk.Code, new HostFunction(store, type, thunk, definition.Target, definition.Completion, name, instance, index));
    }

    /// <summary>The function as a delegate.</summary>
    /// <remarks>
    /// A delegate that returns a task (<see cref="Task"/>, <see cref="ValueTask"/>, or one with a result) makes promising calls, as
    /// <see cref="InvokeAsync(ReadOnlySpan{Value})"/> does. Any other makes synchronous ones, as <see cref="Invoke(ReadOnlySpan{Value})"/> does.
    /// Both may have a last parameter of type <see cref="CancellationToken"/>, which ends the call. Parameters and results have the types that
    /// <see cref="Linker.Define(string, string, Delegate)"/> lists; several results are a tuple. Make the delegate once and call it often.
    /// </remarks>
    /// <typeparam name="TDelegate">The delegate type, for instance <c>Func&lt;int, Task&lt;int&gt;&gt;</c>.</typeparam>
    /// <exception cref="InvalidOperationException">
    /// The function has other parameters or results than the delegate; or the delegate returns a task, and this is a host function.
    /// </exception>
    public TDelegate As<TDelegate>()
        where TDelegate : Delegate
    {
        DelegateSignature signature;
        try
        {
            signature = DelegateSignature.Of(typeof(TDelegate));
        }
        catch (ArgumentException exception)
        {
            throw new InvalidOperationException(exception.Message, exception);
        }

        if (!signature.FitsExport(Type, Store.Engine.Types))
            throw new InvalidOperationException($"{PrintableName} has the type {Type}; {typeof(TDelegate)} is for {signature}.");
        if (signature.IsAsync && FindHostFunctionError() is { } error)
            throw error;
        var thunk = Store.Engine.Thunks.For(DefinedType).ForExport(signature);
        return thunk.Method.CreateDelegate<TDelegate>(new TypedCall(this, thunk.ResultReader));
    }
}
