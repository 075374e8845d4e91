namespace Fermata.Runtime;

/// <summary>The execution of one promising call, running or suspended.</summary>
/// <remarks>
/// What happens when: <see cref="Scheduler"/> starts a fiber or resumes it; generated code runs until it returns; if the context
/// is then unwinding, the fiber keeps the saved frames and waits for its <see cref="Suspension"/>, else it is completed.
/// </remarks>
internal sealed partial class Fiber(Scheduler scheduler)
{
    public readonly FrameStack Frames = new(scheduler);

    /// <summary>The entry arguments of a fiber that had to wait for the store's turn; null once it runs.</summary>
    public SlotValues? QueuedArguments;

    /// <summary>What the fiber waits for, or waited for last; null if nothing is known.</summary>
    public Suspension? Suspension;

    /// <summary>The first of the slices of C stacks that belong to the fiber; null where no C stack is known.</summary>
    public StackSlice? StackSlices;

    /// <summary>What <see cref="Fermata.CallState"/> has put away while the fiber is suspended.</summary>
    public object? CallState;

    /// <summary>
    /// The bytes that count for copies of its parts of C stacks: what they take, or may take, since the fiber was last suspended. Mostly it will be suspended
    /// again with as much, which then costs nothing.
    /// </summary>
    public long CopyBytes { get; private set; }

    /// <summary>Belongs to <see cref="FiberRegistry"/>.</summary>
    public int Place;

    private readonly Scheduler _scheduler = scheduler;
    private ExecutionContext? _flow;
    private CancellationTokenRegistration _cancellation;
    private CancellationToken _cancellationToken;

    public Function Function { get; private set; } = null!;

    public ICompletion Completion { get; private set; } = null!;

    /// <summary>Makes the fiber that of a call.</summary>
    /// <param name="function">A function of WebAssembly, or a start function of the host, which has no frames.</param>
    /// <param name="completion">Where the end of the call goes.</param>
    /// <param name="token">Ends the fiber with <see cref="OperationCanceledException"/>.</param>
    public void Begin(Function function, ICompletion completion, CancellationToken token)
    {
        Function = function;
        Completion = completion;
        Frames.Home = function.Instance;
        _cancellationToken = token;
        if (token.CanBeCanceled)
            _cancellation = token.UnsafeRegister(static fiber => ((Fiber)fiber!).Cancel(), this);
    }

    /// <summary>What the caller of the promising call cancels it with.</summary>
    public CancellationToken CancellationToken => _cancellationToken;

    public void ThrowIfCancellationRequested() => _cancellationToken.ThrowIfCancellationRequested();

    /// <summary>Makes the fiber one that starts later, with the asynchronous locals of its caller.</summary>
    /// <param name="arguments">The arguments of the call.</param>
    public void Queue(SlotValues arguments)
    {
        _flow = ExecutionContext.Capture();
        _waitsSince = Environment.TickCount64;
        QueuedArguments = arguments;
    }

    /// <summary>Counts for the store what copies of C stacks take from now on.</summary>
    /// <param name="bytes">How many bytes; 0 when there are none.</param>
    /// <exception cref="ResourceLimitException">The limiter does not allow them; nothing has changed.</exception>
    public void CountCopies(long bytes)
    {
        if (bytes == CopyBytes)
            return;
        _scheduler.CountStack(bytes - CopyBytes);
        CopyBytes = bytes;
    }

    /// <summary>Notes that the fiber runs now.</summary>
    public void Run()
    {
        EnsureId();
        _state = Running;
        CallObservation.Run(this);
    }

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
        var flow = ExecutionContext.Capture();
        if (_flow != flow)
            _flow = flow;
        if (outer is not null && flow != outer)
            ExecutionContext.Restore(outer);
    }

    /// <summary>Whether the call has ended. Told on the store's turn.</summary>
    public bool HasEnded => Completion is null;

    /// <summary>Takes where the end of the call goes; the call has ended.</summary>
    public ICompletion TakeCompletion()
    {
        var completion = Completion;
        Completion = null!;
        return completion;
    }

    /// <summary>Nothing wakes the fiber any more.</summary>
    /// <param name="failure">What the call ends with; null if it has results.</param>
    public void End(Exception? failure)
    {
        ReleaseSnapshots();
        Observation?.End(failure);
        Observation = null;

        // Disposing would wait for a callback that runs on another thread, which may itself wait for the turn.
        _cancellation.Unregister();
    }

    /// <summary>Makes a fiber that ended ready for another call.</summary>
    /// <returns>Whether that is possible; not if a cancellation may still be on its way to it.</returns>
    public bool TryReset()
    {
        if (_cancellationToken.CanBeCanceled)
            return false;
        Suspension?.Recycle();
        Suspension = null;
        Function = null!;
        (Key, Waits, _heldWait, IsOfHost) = (null, 0, 0, false);
        _id = 0;
        _flow = null;
        Frames.Reset();
        return true;
    }
}
