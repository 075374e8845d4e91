namespace Fermata.Runtime;

/// <summary>What starts a fiber.</summary>
internal sealed partial class Scheduler
{
    /// <summary>
    /// How many calls may run inside one another on a thread, in whatever stores. What ends them is thrown to each host function in between, and grows by the stack trace of each
    /// call that it leaves: out of thousands, for which there may be stack, that takes far longer than a call may take to end.
    /// </summary>
    private const int MaxNestedCalls = 500;

    private readonly Stack<Fiber> _idleFibers = [];

    /// <summary>A fiber for a new call. The turn is held.</summary>
    public Fiber TakeFiber() => _idleFibers.TryPop(out var fiber) ? fiber : new Fiber(this);

    /// <summary>Notes that a fiber runs on this thread from here on.</summary>
    /// <param name="fiber">The fiber.</param>
    /// <param name="depth">The <see cref="EntryScope.Depth"/>.</param>
    private void Enter(Fiber fiber, int depth)
    {
        EnterStack(depth);
        context.Store.ThrowIfDisposed();
        _fibers.Add(fiber);
        fiber.Run();
    }

    /// <summary>Has code use the native stack from here on.</summary>
    /// <param name="depth">The <see cref="EntryScope.Depth"/>.</param>
    /// <exception cref="StackExhaustedException">There is none left, or there are too many calls inside one another.</exception>
    private void EnterStack(int depth)
    {
        context.Stack = NativeStack.Here(context.Store.Engine.Options.MaxNativeStackBytes);

        // Host functions that call one another come by no code that looks.
        if (depth > 0 && !context.Stack.HasRoom(0))
            Trap.StackExhausted();
        if (depth > MaxNestedCalls)
            Trap.TooManyNestedCalls(MaxNestedCalls);
    }

    /// <summary>Calls the function of a fiber, up to its end or the first time that its stack is unwound.</summary>
    private void StartCode(Fiber fiber, bool isNested)
    {
        if (fiber.Key is not null)
            Keep(fiber);
        context.ShadowStacks.Start(fiber, isNested);
        fiber.ThrowIfCancellationRequested();
        fiber.Function.Enter(context);
    }
}
