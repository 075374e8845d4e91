using Fermata.Execution;

namespace Fermata.Suspension;

/// <summary>The execution of one promising call, running or suspended.</summary>
/// <remarks>
/// What happens when: <see cref="Scheduler"/> starts a fiber or resumes it; generated code runs until it returns; if the context
/// is then unwinding, the fiber keeps the saved frames and waits for <see cref="PendingCall"/>, else it is completed.
/// </remarks>
internal sealed class Fiber(Scheduler scheduler, Function function, Completion completion)
{
    private const int Suspended = 1;

    public readonly FrameStack Frames = new();

    /// <summary>The entry arguments of a fiber that had to wait for the store's turn; null once it runs.</summary>
    public SlotValues? QueuedArguments;

    /// <summary>What the fiber waits for; null while it runs.</summary>
    public PendingCall? Pending;

    /// <summary>The slices of C stacks that belong to the fiber.</summary>
    public StackSlice[]? StackSlices;

    private readonly Scheduler _scheduler = scheduler;
    private ExecutionContext? _flow;
    private CancellationTokenRegistration _cancellation;
    private CancellationToken _cancellationToken;
    private Exception? _cancelled;
    private int _state;
    private Waiter? _waiter;

    public Function Function { get; } = function;

    public Completion Completion { get; } = completion;

    /// <summary>Ends the fiber with <see cref="OperationCanceledException"/> once the token says so.</summary>
    public void ObserveCancellation(CancellationToken token)
    {
        _cancellationToken = token;
        if (token.CanBeCanceled)
            _cancellation = token.UnsafeRegister(static (fiber, token) => ((Fiber)fiber!).Cancel(token), this);
    }

    /// <summary>What the caller of the promising call cancels it with.</summary>
    public CancellationToken CancellationToken => _cancellationToken;

    public void ThrowIfCancellationRequested() => _cancellationToken.ThrowIfCancellationRequested();

    /// <summary>Makes the asynchronous locals of the fiber those of this thread; returns what to give back to <see cref="LeaveExecutionContext"/>.</summary>
    public ExecutionContext? EnterExecutionContext()
    {
        var outer = ExecutionContext.Capture();
        if (_flow is not null && _flow != outer)
            ExecutionContext.Restore(_flow);
        return outer;
    }

    public void LeaveExecutionContext(ExecutionContext? outer)
    {
        _flow = ExecutionContext.Capture();
        if (outer is not null && _flow != outer)
            ExecutionContext.Restore(outer);
    }

    /// <summary>From now on the completion of the pending call or a cancellation, whichever is first, makes the fiber ready.</summary>
    public void Wait()
    {
        var waiter = _waiter ??= new Waiter(this);
        Volatile.Write(ref _state, Suspended);
        if (_cancellationToken.IsCancellationRequested)
            Cancel(_cancellationToken);
        else
            Pending!.OnCompleted(waiter.Continuation);
    }

    /// <summary>Called on the store's turn: puts the awaited values into the context's slots.</summary>
    /// <returns>What the awaited task failed with, or the cancellation; null if there are values.</returns>
    public Exception? TakeAwaited(StoreContext context)
    {
        var pending = Pending!;
        Pending = null;
        if (_cancelled is { } cancelled)
        {
            _cancelled = null;
            return cancelled;
        }

        try
        {
            pending.TakeResult(context);
            return null;
        }
#pragma warning disable CA1031 // Whatever the task failed with goes to the WebAssembly code.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return exception;
        }
    }

    /// <summary>Nothing wakes the fiber any more.</summary>
    public void End()
    {
        // Disposing would wait for a callback that runs on another thread, which may itself wait for the turn.
        _cancellation.Unregister();
        _waiter = null;
    }

    private bool TryWake() => Interlocked.CompareExchange(ref _state, 0, Suspended) == Suspended;

    private void Cancel(CancellationToken token)
    {
        if (!TryWake())
            return;

        // The task goes on; its continuation finds that it is no longer the fiber's waiter.
        _waiter = null;
        _cancelled = new OperationCanceledException(token);
        _scheduler.MakeReady(this);
    }

    /// <summary>The continuation of the tasks that a fiber waits for, one after another.</summary>
    private sealed class Waiter
    {
        private readonly Fiber _fiber;

        public Waiter(Fiber fiber)
        {
            _fiber = fiber;
            Continuation = Run;
        }

        public Action Continuation { get; }

        private void Run()
        {
            if (_fiber._waiter == this && _fiber.TryWake())
                _fiber._scheduler.MakeReady(_fiber);
        }
    }
}
