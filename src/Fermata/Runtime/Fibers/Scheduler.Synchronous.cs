namespace Fermata.Runtime;

/// <summary>Calls that may not suspend: they run to their end on the thread that makes them.</summary>
internal sealed partial class Scheduler
{
    /// <summary>Runs a call that may not suspend. The turn is held, the arguments are in the context's slots; so are the results afterwards.</summary>
    /// <param name="function">A function.</param>
    /// <param name="token">Ends the call with <see cref="OperationCanceledException"/>.</param>
    /// <param name="isStart">Whether it is the start function of an instance that is being made.</param>
    public void Invoke(Function function, CancellationToken token, bool isStart = false)
    {
        using var cancellation = Watch(token);
        var scope = new EntryScope(context, fiber: null, barrier: context.CurrentHost, isStart);
        var hasReturned = false;
        WasmException? uncaught = null;
        if (!scope.IsNested)
            context.ShadowStacks.Enter();
        try
        {
            EnterStack(scope.Depth);
            RunToEnd(function);
            hasReturned = true;
        }
        catch (Exception exception) when (ForCaller(exception, scope.IsNested, cancellation.IsOutermost, token) is var seen && seen != exception)
        {
            throw seen;
        }
        catch (WasmException thrown) when ((uncaught = thrown) is null)
        {
        }
        finally
        {
            if (!hasReturned && !scope.IsNested)
                context.ShadowStacks.Abort();
            scope.Dispose();
            Describe(uncaught, scope.IsNested, token);
        }
    }

    /// <summary>Runs a function for the engine itself while a fiber starts: it may not suspend, and leaves what is in the context's slots alone.</summary>
    /// <param name="function">A function of numbers.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>Its first result; something if it has none.</returns>
    public ulong Call(Function function, ReadOnlySpan<ulong> arguments)
    {
        var slots = context.Values.Copy();
        var scope = new EntryScope(context, fiber: null, barrier: context.Barrier);
        try
        {
            arguments.CopyTo(context.Slots);
            RunToEnd(function);
            return context.Slots[0];
        }
        finally
        {
            scope.Dispose();
            slots.Load(context);
        }
    }

    /// <summary>Runs a function without a fiber.</summary>
    /// <remarks>
    /// It does not catch and throw again, but for faults, of which the trap is thrown when the handler has ended: as long as no handler has ended, .NET keeps the stack below it, and adds some 14 KB for each such exception. A hundred calls
    /// inside one another would overflow the stack of a thread.
    /// </remarks>
    private void RunToEnd(Function function)
    {
        FrameStack? frames = null;
        TrapException? trap = null;
        var isFault = false;
        try
        {
            function.Enter(context);
            if (context.Suspension is not null)
                RunFrames(frames = AddSynchronousFrames(), null);
        }
        catch (TrapException thrown) when ((trap = thrown) is null)
        {
        }
        catch (NullReferenceException fault) when ((trap = TrapException.Of(fault) as TrapException) is not null)
        {
            isFault = true;
        }
        finally
        {
            if (frames is not null)
            {
                if (trap is not null)
                    Abandon(frames, trap);
                RemoveSynchronousFrames();
            }
        }

        if (isFault)
            throw trap!;
    }
}
