using System.Runtime.CompilerServices;
using Fermata.Execution;

namespace Fermata.Suspension;

/// <summary>A promising call as its caller sees it: a task.</summary>
internal sealed class PromisingCall<T> : Completion
{
    private readonly Function _function;
    private readonly ResultReader<T> _reader;
    private AsyncTaskMethodBuilder<T> _builder = AsyncTaskMethodBuilder<T>.Create();
    private T? _result;
    private Exception? _failure;

    private PromisingCall(Function function, ResultReader<T> reader)
    {
        _function = function;
        _reader = reader;
    }

    /// <summary>Starts the call, or has it started when the turn is free.</summary>
    /// <param name="function">A function of WebAssembly.</param>
    /// <param name="reader">Makes the result.</param>
    /// <param name="slots">What <see cref="ArgumentSlots.For"/> gave, with the arguments.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static Task<T> Start(Function function, ResultReader<T> reader, in ArgumentSlots slots, CancellationToken cancellationToken)
    {
        if (Refusal(function.Store, in slots) is { } refusal)
            return Task.FromException<T>(refusal);
        var call = new PromisingCall<T>(function, reader);

        // The task must be there before another thread can complete it.
        var task = call._builder.Task;
        var scheduler = function.Store.Scheduler;
        var fiber = slots.HasTurn ? scheduler.TakeFiber() : new Fiber(scheduler);
        fiber.Begin(function, call, cancellationToken);
        if (slots.HasTurn)
        {
            scheduler.Start(fiber);
        }
        else
        {
            fiber.Queue(new SlotValues(slots.Numbers, slots.References));
            scheduler.Enqueue(fiber);
        }

        return task;
    }

    /// <summary>Why the store may not have another call; null if it may. The turn is then given back.</summary>
    private static Exception? Refusal(Store store, in ArgumentSlots slots)
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
            if (slots.HasTurn)
            {
                store.Context.ClearReferenceSlots();
                store.Scheduler.LeaveTurn();
            }

            return exception;
        }
    }

    public override void TakeResults(StoreContext context) => _result = _reader(_function, context);

    public override void TakeFailure(Exception exception) => _failure = exception;

    public override void Publish()
    {
        if (_failure is null)
            _builder.SetResult(_result!);
        else
            _builder.SetException(_failure);
    }
}
