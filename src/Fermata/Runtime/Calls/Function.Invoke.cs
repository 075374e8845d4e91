using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata;

public sealed partial class Function
{
    /// <summary>The name, fit for messages.</summary>
    internal string PrintableName => HostileText.Printable(Name);

    /// <summary>Calls the function and waits until it ends. The call is not promising: it cannot be suspended.</summary>
    /// <remarks>Another thread that runs code of the store is waited for. A <c>memory.atomic.wait</c> holds the thread, and the store with it.</remarks>
    /// <param name="arguments">A value for each parameter.</param>
    /// <returns>A value for each result.</returns>
    /// <exception cref="ArgumentException">There are too few or too many arguments, or one has another type than its parameter.</exception>
    /// <exception cref="TrapException">The function trapped.</exception>
    /// <exception cref="SuspendException">The function called a suspending import.</exception>
    /// <exception cref="ObjectDisposedException">The store is disposed.</exception>
    public Value[] Invoke(params ReadOnlySpan<Value> arguments) => Invoke(arguments, CancellationToken.None);

    /// <inheritdoc cref="Invoke(ReadOnlySpan{Value})"/>
    /// <param name="arguments">A value for each parameter.</param>
    /// <param name="cancellationToken">
    /// Ends the call before it has started and, if the engine's code is interruptible (<see cref="EngineOptions.IsInterruptible"/>), while it runs.
    /// </param>
    /// <exception cref="OperationCanceledException">The call was cancelled. WebAssembly code cannot catch that.</exception>
    public Value[] Invoke(ReadOnlySpan<Value> arguments, CancellationToken cancellationToken)
    {
        var count = Type.ResultArray.Length;
        var results = count == 0 ? [] : new Value[count];
        Invoke(arguments, results, cancellationToken);
        return results;
    }

    /// <summary>As <see cref="Invoke(ReadOnlySpan{Value})"/>, with results that go where the caller wants them: the call allocates nothing.</summary>
    /// <param name="arguments">A value for each parameter.</param>
    /// <param name="results">Room for the results, neither more nor less; it is left alone if the call fails. It may be that of the arguments.</param>
    /// <param name="cancellationToken">As for <see cref="Invoke(ReadOnlySpan{Value}, CancellationToken)"/>.</param>
    /// <exception cref="ArgumentException">
    /// There are too few or too many arguments, or one has another type than its parameter; or there is room for fewer or more results than there are.
    /// </exception>
    /// <exception cref="TrapException">The function trapped.</exception>
    /// <exception cref="SuspendException">The function called a suspending import.</exception>
    /// <exception cref="ObjectDisposedException">The store is disposed.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled. WebAssembly code cannot catch that.</exception>
    public void Invoke(ReadOnlySpan<Value> arguments, Span<Value> results, CancellationToken cancellationToken = default)
    {
        if (FindArgumentError(arguments) is { } error)
            throw error;
        var types = Type.ResultArray;
        if (results.Length != types.Length)
            throw new ArgumentException($"{PrintableName} returns {types.Length} results, found room for {results.Length}: its type is {Type}.");
        var context = Store.Context;
        Store.Scheduler.EnterTurn();
        try
        {
            Store.ThrowIfDisposed();
            SlotTransfer.Write(context.Slots, context.ReferenceSlots, arguments);
            Store.Scheduler.Invoke(this, cancellationToken);
            SlotTransfer.Read(context.Slots, context.ReferenceSlots, types, results);
        }
        finally
        {
            context.ClearReferenceSlots();
            Store.Scheduler.LeaveTurn();
        }
    }

    /// <summary>Calls the function as a promising one: where it waits for a task of the host, or at a shared memory, it is suspended, and no thread waits.</summary>
    /// <remarks>
    /// The function runs on this thread until it is suspended for the first time or ends; a call that never suspends returns a
    /// completed task. If another thread runs code of the store, the call starts later, on any thread. After a suspension it goes on on
    /// the thread that completed the awaited task, or where <see cref="StoreOptions.SynchronizationContext"/> says.
    /// </remarks>
    /// <param name="arguments">A value for each parameter.</param>
    /// <returns>
    /// A value for each result. The task fails with what <see cref="Invoke(ReadOnlySpan{Value})"/> throws, wrong arguments included, or what a host function
    /// threw; and with <see cref="InvalidOperationException"/> if this is itself a host function, since only WebAssembly can be suspended. Nothing is thrown
    /// from here.
    /// </returns>
    public Task<Value[]> InvokeAsync(params ReadOnlySpan<Value> arguments) => InvokeAsync(arguments, CancellationToken.None);

    /// <inheritdoc cref="InvokeAsync(ReadOnlySpan{Value})"/>
    /// <param name="arguments">A value for each parameter.</param>
    /// <param name="cancellationToken">
    /// Ends the call while it is suspended, before it has started and, if the engine's code is interruptible
    /// (<see cref="EngineOptions.IsInterruptible"/>), while it runs; the task is then cancelled. WebAssembly code cannot catch that.
    /// </param>
    public Task<Value[]> InvokeAsync(ReadOnlySpan<Value> arguments, CancellationToken cancellationToken) => InvokeAsync(arguments, key: null, cancellationToken);

    /// <summary>As <see cref="InvokeAsync(ReadOnlySpan{Value}, CancellationToken)"/>, for a call that is found again by its key when the store is restored from a snapshot.</summary>
    /// <remarks>The store keeps such a call until it ends, also if nothing refers to its task, nor to the one that it waits for.</remarks>
    /// <param name="key">The key (<see cref="RestoredStore.Call"/>). It should be that of no other call of the store that has not ended.</param>
    /// <param name="arguments">A value for each parameter.</param>
    /// <param name="cancellationToken">As there.</param>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public Task<Value[]> InvokeAsync(string key, ReadOnlySpan<Value> arguments, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return InvokeAsync(arguments, key, cancellationToken);
    }

    private Task<Value[]> InvokeAsync(ReadOnlySpan<Value> arguments, string? key, CancellationToken cancellationToken)
    {
        if (FindHostFunctionError() is { } refusal)
            return Task.FromException<Value[]>(refusal);
        if (FindArgumentError(arguments) is { } error)
            return Task.FromException<Value[]>(error);
        var slots = SlotValues.ForArguments(this);
        SlotTransfer.Write(slots.Numbers, slots.References, arguments);
        return PromisingCall<Value[]>.Start(this, ReadResults, slots, cancellationToken, key);
    }

    internal static Value[] ReadResults(Function function, StoreContext context) =>
        SlotTransfer.Read(context.Slots, context.ReferenceSlots, function.Type.ResultArray);

    private InvalidOperationException? FindHostFunctionError() => Environment is HostFunction
        ? new($"{PrintableName} is a host function. Only functions of WebAssembly can be called as promising.")
        : null;

    private ArgumentException? FindArgumentError(ReadOnlySpan<Value> arguments)
    {
        var parameters = Type.ParameterArray;
        if (arguments.Length != parameters.Length)
        {
            return new ArgumentException(
                $"{PrintableName} takes {parameters.Length} arguments, found {arguments.Length}: its type is {Type}.");
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            if (!ReferenceTyping.Matches(arguments[i], parameters[i], Store))
                return ReferenceConversion.WrongArgument(this, i, ReferenceConversion.Describe(arguments[i], Store));
        }

        return null;
    }
}
