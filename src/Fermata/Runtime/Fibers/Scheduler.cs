namespace Fermata.Runtime;

/// <summary>Decides which fiber of a store runs, and runs it: the only place that knows how a fiber goes on.</summary>
/// <remarks>
/// A store is run-to-suspension. Who wants to run anything takes the <see cref="Turn"/>; a fiber whose task is complete runs at
/// once on the completing thread if the turn is free, else it queues. The code that waits for a promising call's task runs
/// only after the turn was given back.
/// </remarks>
internal sealed partial class Scheduler(StoreContext context)
{
    private readonly FiberRegistry _fibers = new();

    /// <summary>Runs a promising call up to its first suspension or its end. The turn is held, the arguments are in the context's slots.</summary>
    public void Start(Fiber fiber)
    {
        var ended = Run(fiber, isStart: true);
        var completion = ended ? Release(fiber) : null;
        LeaveTurn();
        completion?.Publish();
    }

    /// <summary>Runs the fiber until it suspends or ends; true if it ended.</summary>
    private bool Run(Fiber fiber, bool isStart)
    {
        var cancellation = Note(fiber.CancellationToken);
        var scope = new EntryScope(context, fiber, barrier: null);
        var flow = fiber.EnterExecutionContext();
        object? outer = null;
        Exception? end = null;
        try
        {
            Enter(fiber, scope.Depth);
            Exception? failure = null;
            if (scope.IsNested)
                outer = SuspendState();
            if (isStart)
                StartCode(fiber, scope.IsNested);
            else
                failure = TakeAwaited(fiber);
            if (RunFrames(fiber.Frames, failure))
            {
                Complete(fiber, scope.IsNested);
                return true;
            }

            Suspend(fiber, scope.IsNested);
        }
#pragma warning disable CA1031 // Whatever ends the call goes to the caller's task.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            end = TrapException.Of(exception);
            Fail(fiber, end, scope.IsNested, cancellation.IsOutermost);
            return true;
        }
        finally
        {
            cancellation.Dispose();
            if (end is not null)
                AbandonState();
            if (scope.IsNested)
                ResumeOuterState(outer);
            context.ClearReferenceSlots();
            scope.Dispose();
            Describe(end, scope.IsNested, fiber.CancellationToken);
            fiber.LeaveExecutionContext(flow);
        }

        fiber.Wait();
        return false;
    }
}
