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
            fiber.KeepExecutionContext();
            fiber.QueuedArguments = new SlotValues(slots.Numbers, slots.References);
            scheduler.Enqueue(fiber);
        }

        return task;
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
