using System.Runtime.CompilerServices;

namespace Fermata.Runtime;

/// <summary>A promising call as its caller sees it: a task.</summary>
/// <remarks>The task keeps the fiber as long as the call has not ended: who holds the task is told when the store is disposed.</remarks>
internal sealed class PromisingCall<T> : TaskCompletionSource<T>, ICompletion
{
    private readonly ResultReader<T> _reader;
    private readonly FiberReference _fiber;
    private T? _result;
    private Exception? _failure;

    private PromisingCall(ResultReader<T> reader, FiberReference fiber)
        : base(fiber)
    {
        _reader = reader;
        _fiber = fiber;
    }

    Task ICompletion.Task => Task;

    /// <summary>Starts the call, or has it started when the turn is free.</summary>
    /// <param name="function">A function of WebAssembly, or a start function of the host.</param>
    /// <param name="reader">Makes the result.</param>
    /// <param name="arguments">What <see cref="SlotValues.ForArguments"/> gave, with the arguments.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <param name="key">By what the host finds the call again; null if it does not.</param>
    public static Task<T> Start(Function function, ResultReader<T> reader, SlotValues arguments, CancellationToken cancellationToken, string? key = null)
    {
        var store = function.Store;
        var scheduler = store.Scheduler;
        var hasTurn = arguments == store.Context.Values;
        if (Refusal(store, hasTurn) is { } refusal)
            return Failed(refusal);
        var fiber = hasTurn ? scheduler.TakeFiber() : new Fiber(scheduler);
        var call = new PromisingCall<T>(reader, new FiberReference(fiber));
        fiber.Begin(function, call, cancellationToken);
        fiber.Key = key;
        fiber.IsOfHost = key is null && hasTurn && store.Context.CurrentHost is not null;
        var isUnderPlainHost = store.Context.CurrentHost is { Thunk.IsSuspending: false } && scheduler.Turn.IsMine;
        if (hasTurn)
        {
            scheduler.Start(fiber);
        }
        else
        {
            fiber.Queue(arguments);
            scheduler.Enqueue(fiber);
        }

        return isUnderPlainHost && !call.Task.IsCompleted ? scheduler.Guard.Guard(call.Task, cancellationToken) : call.Task;
    }

    /// <summary>Makes a fiber that of a call which began in another store, that a snapshot was made of.</summary>
    /// <exception cref="ResourceLimitException">The store may not have another call.</exception>
    public static PromisingCall<T> Restore(Function function, Fiber fiber, ResultReader<T> reader, CancellationToken cancellationToken)
    {
        function.Store.Resources.Reserve(StoreResource.Calls, 1);
        var call = new PromisingCall<T>(reader, new FiberReference(fiber));
        fiber.Begin(function, call, cancellationToken);
        return call;
    }

    /// <summary>Why the store may not have another call; null if it may. The turn is then given back.</summary>
    private static Exception? Refusal(Store store, bool hasTurn)
    {
        try
        {
            store.Resources.Reserve(StoreResource.Calls, 1);
            return null;
        }
#pragma warning disable CA1031 // Whatever the limiter throws goes to the caller's task.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (hasTurn)
            {
                store.Context.ClearReferenceSlots();
                store.Scheduler.LeaveTurn();
            }

            return exception;
        }
    }

    public void TakeResults(Function function, StoreContext context)
    {
        _fiber.Clear();
        _result = _reader(function, context);
    }

    public void TakeFailure(Exception exception)
    {
        _fiber.Clear();
        _failure = exception;
    }

    public void Publish()
    {
        if (_failure is null)
            SetResult(_result!);
        else
            SetFromTask(Failed(_failure));
    }

    /// <summary>A task that failed as an asynchronous method does: a cancellation, which keeps its exception, or a fault.</summary>
    private static Task<T> Failed(Exception exception)
    {
        var builder = AsyncTaskMethodBuilder<T>.Create();
        builder.SetException(exception);
        return builder.Task;
    }
}
