using System.Runtime.ExceptionServices;

namespace Fermata.Runtime;

/// <summary>Decides which fiber of a store runs, and runs it: the only place that knows how a fiber goes on.</summary>
/// <remarks>
/// A store is run-to-suspension. Who wants to run anything takes the <see cref="Turn"/>; a fiber whose task is complete runs at
/// once on the completing thread if the turn is free, else it queues. The code that waits for a promising call's task runs
/// only after the turn was given back.
/// </remarks>
internal sealed partial class Scheduler(StoreContext context)
{
    /// <summary>
    /// How many promising calls may start inside one another. An exception grows by the stack trace of each one that it leaves: out of
    /// 400 it takes 0.1 s, out of the 7,000 for which there is stack, many minutes.
    /// </summary>
    private const int MaxNestedCalls = 500;

    private const int MostIdleFibers = 16;

    private readonly Stack<Fiber> _idleFibers = [];
    private readonly FiberRegistry _fibers = new();
    private int _nestedCalls;

    /// <summary>Runs a promising call up to its first suspension or its end. The turn is held, the arguments are in the context's slots.</summary>
    public void Start(Fiber fiber)
    {
        var ended = Run(fiber, isStart: true);
        var completion = ended ? Release(fiber) : null;
        LeaveTurn();
        completion?.Publish();
    }

    /// <summary>A fiber for a new call. The turn is held.</summary>
    public Fiber TakeFiber() => _idleFibers.TryPop(out var fiber) ? fiber : new Fiber(this);

    /// <summary>Runs a call that may not suspend. The turn is held, the arguments are in the context's slots; so are the results afterwards.</summary>
    /// <param name="function">A function.</param>
    /// <param name="token">Ends the call with <see cref="OperationCanceledException"/>.</param>
    public void Invoke(Function function, CancellationToken token)
    {
        using var cancellation = Watch(token);
        var outer = new OuterState(context);
        context.CurrentFiber = null;
        context.Barrier = context.CurrentHost;
        context.CurrentHost = null;
        var hasReturned = false;
        if (!outer.IsNested)
            context.ShadowStacks.Enter();
        try
        {
            context.Stack = NativeStack.Here(context.Store.Engine.Options.MaxNativeStackBytes);
            RunToEnd(function);
            hasReturned = true;
        }
        catch (Exception exception) when (ForCaller(exception, outer.IsNested, token) is var seen && seen != exception)
        {
            throw seen;
        }
        finally
        {
            if (!hasReturned && !outer.IsNested)
                context.ShadowStacks.Abort();
            outer.Restore(context);
        }
    }

    /// <summary>Runs a function for the engine itself while a fiber starts: it may not suspend, and leaves what is in the context's slots alone.</summary>
    /// <param name="function">A function of numbers.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>Its first result; something if it has none.</returns>
    public ulong Call(Function function, ReadOnlySpan<ulong> arguments)
    {
        var slots = context.Values.Copy();
        var outer = new OuterState(context);
        context.CurrentFiber = null;
        try
        {
            arguments.CopyTo(context.Slots);
            RunToEnd(function);
            return context.Slots[0];
        }
        finally
        {
            outer.Restore(context);
            slots.Load(context);
        }
    }

    /// <summary>Runs a function without a fiber.</summary>
    private void RunToEnd(Function function)
    {
        FrameStack? frames = null;
        try
        {
            function.Enter(context);
            if (context.Unwinding)
                RunFrames(frames = new FrameStack(), null);
        }
        catch (TrapException trap) when (frames is not null)
        {
            Abandon(frames, trap);
            throw;
        }
    }

    /// <summary>Keeps a fiber that ended for another call.</summary>
    private ICompletion Release(Fiber fiber)
    {
        var completion = fiber.TakeCompletion();
        if (_idleFibers.Count < MostIdleFibers && fiber.TryReset())
            _idleFibers.Push(fiber);
        else
            _fibers.Remove(fiber);
        return completion;
    }

    /// <summary>Runs the fiber until it suspends or ends; true if it ended.</summary>
    private bool Run(Fiber fiber, bool isStart)
    {
        using var cancellation = Note(fiber.CancellationToken);
        var outer = new OuterState(context);
        context.CurrentFiber = fiber;
        context.Barrier = null;
        context.CurrentHost = null;
        var flow = fiber.EnterExecutionContext();
        try
        {
            if (++_nestedCalls > MaxNestedCalls)
                Trap.StackExhausted();
            context.Stack = NativeStack.Here(context.Store.Engine.Options.MaxNativeStackBytes);
            context.Store.ThrowIfDisposed();
            _fibers.Add(fiber);
            fiber.Run();
            Exception? failure = null;
            if (isStart)
            {
                context.ShadowStacks.Start(fiber, outer.IsNested);
                fiber.ThrowIfCancellationRequested();
                fiber.Function.Enter(context);
            }
            else
            {
                context.ShadowStacks.Resume(fiber);
                failure = fiber.TakeAwaited(context);
                if (fiber.AwaitsFuel)
                {
                    TakeFuel(fiber, failure);
                    failure = null;
                }
            }

            if (RunFrames(fiber.Frames, failure))
            {
                ShadowStacks.Check(fiber);
                fiber.Completion.TakeResults(fiber.Function, context);
                End(fiber, null, outer.IsNested);
                return true;
            }

            context.Unwinding = false;
            fiber.Frames.Push(context);
            context.ShadowStacks.Suspend(fiber, outer.IsNested);
            fiber.Observation?.Suspend(fiber);
        }
#pragma warning disable CA1031 // Whatever ends the call goes to the caller's task.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(fiber, exception, outer.IsNested);
            return true;
        }
        finally
        {
            _nestedCalls--;
            context.ClearReferenceSlots();
            outer.Restore(context);
            fiber.LeaveExecutionContext(flow);
        }

        fiber.Wait();
        return false;
    }

    /// <summary>Resumes frame after frame, with the results of the one before in the slots; true if none is left, false if the fiber is to wait.</summary>
    /// <param name="frames">The frames.</param>
    /// <param name="failure">What the call ended with that the newest frame waits for; null if it has results.</param>
    private bool RunFrames(FrameStack frames, Exception? failure)
    {
        while (true)
        {
            if (failure is not null)
            {
                if (!ExceptionOperations.IsCatchable(failure) || !frames.UnwindToHandler())
                    ExceptionDispatchInfo.Throw(failure);
                context.PendingException = failure;
                failure = null;
            }
            else if (context.Unwinding)
            {
                if (!context.IsForced)
                    return false;
                context.IsForced = false;
                context.Unwinding = false;
                var isStopped = context.TakeStop();
                frames.Push(context);
                if (frames.ByteLength > context.Store.Engine.Options.MaxStackBytes)
                    Trap.StackExhausted();
                if (isStopped && !GoesOn())
                    return false;
            }
            else if (frames.IsEmpty)
            {
                return true;
            }

            try
            {
                frames.Resume(context);
            }
            catch (Exception exception) when (!frames.IsEmpty && ExceptionOperations.IsCatchable(exception))
            {
                failure = exception;
            }
        }
    }

    private void Fail(Fiber fiber, Exception exception, bool isNested)
    {
        Abandon(fiber.Frames, exception);
        exception = ForCaller(exception, isNested, fiber.CancellationToken);
        fiber.Pending?.Abandon();
        fiber.Pending = null;
        fiber.Completion.TakeFailure(exception);
        End(fiber, exception, isNested);
    }

    /// <summary>Drops the frames of a call that failed; a trap tells which they were.</summary>
    private void Abandon(FrameStack frames, Exception exception)
    {
        context.Unwinding = false;
        context.ClearSaved();
        var dropped = frames.Unwind();
        (exception as TrapException)?.AppendFrames(dropped);
    }

    private void End(Fiber fiber, Exception? failure, bool isNested)
    {
        context.ShadowStacks.End(fiber, isNested);
        context.Store.Resources.Release(StoreResource.Calls, 1);
        fiber.End(failure);
    }

    /// <summary>What of the context belongs to the code that is interrupted by an entry: a host function, or nothing.</summary>
    private readonly struct OuterState(StoreContext context)
    {
        private readonly Fiber? _fiber = context.CurrentFiber;
        private readonly HostFunction? _barrier = context.Barrier;
        private readonly HostFunction? _host = context.CurrentHost;
        private readonly NativeStackRange _stack = context.Stack;

        /// <summary>Whether WebAssembly frames stand below on this thread's stack.</summary>
        public bool IsNested => _host is not null;

        public void Restore(StoreContext context)
        {
            if (_fiber is null && _barrier is null && _host is null)
            {
                // As almost always; the collector need not be told of nulls.
                context.CurrentFiber = null;
                context.Barrier = null;
                context.CurrentHost = null;
                return;
            }

            context.Stack = _stack;
            context.CurrentFiber = _fiber;
            context.Barrier = _barrier;
            context.CurrentHost = _host;
        }
    }
}
