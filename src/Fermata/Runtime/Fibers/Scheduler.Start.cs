namespace Fermata.Runtime;

/// <summary>What starts a fiber.</summary>
internal sealed partial class Scheduler
{
    private readonly Stack<Fiber> _idleFibers = [];

    /// <summary>A fiber for a new call. The turn is held.</summary>
    public Fiber TakeFiber() => _idleFibers.TryPop(out var fiber) ? fiber : new Fiber(this);

    /// <summary>Notes that a fiber runs on this thread from here on.</summary>
    private void Enter(Fiber fiber)
    {
        if (++_nestedCalls > MaxNestedCalls)
            Trap.StackExhausted();
        context.Stack = NativeStack.Here(context.Store.Engine.Options.MaxNativeStackBytes);
        context.Store.ThrowIfDisposed();
        _fibers.Add(fiber);
        fiber.Run();
    }

    /// <summary>Calls the function of a fiber, up to its end or the first time that its stack is unwound.</summary>
    private void StartCode(Fiber fiber, bool isNested)
    {
        context.ShadowStacks.Start(fiber, isNested);
        fiber.ThrowIfCancellationRequested();
        fiber.Function.Enter(context);
    }
}
