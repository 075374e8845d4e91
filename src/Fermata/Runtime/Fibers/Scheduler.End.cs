namespace Fermata.Runtime;

/// <summary>What ends the run of a fiber: it is suspended, or its call is over.</summary>
internal sealed partial class Scheduler
{
    private const int MostIdleFibers = 16;

    /// <summary>Keeps the frames of a fiber, and what it waits for.</summary>
    private void Suspend(Fiber fiber, bool isNested)
    {
        fiber.Keep(context.Suspension!);
        context.Suspension = null;
        Save(fiber.Frames);
        SuspendState(fiber, isNested);
        fiber.Observation?.Suspend(fiber);
    }

    /// <summary>Puts away what memory has of a call that is suspended.</summary>
    private void SuspendState(Fiber fiber, bool isNested)
    {
        fiber.CallState = SuspendState();
        try
        {
            context.ShadowStacks.Suspend(fiber, isNested);
        }
        catch
        {
            ResumeState(fiber);
            throw;
        }
    }

    /// <summary>Has <see cref="CallState"/> put away what there is.</summary>
    private object? SuspendState() => context.Store.Options.CallState?.Suspend();

    /// <summary>Puts back what <see cref="CallState"/> has put away.</summary>
    private void ResumeState(Fiber fiber)
    {
        var state = fiber.CallState;
        fiber.CallState = null;
        context.Store.Options.CallState?.Resume(state);
    }

    /// <summary>As <see cref="ResumeState"/>, for the call that goes on when one inside it has ended or is suspended.</summary>
    private void ResumeOuterState(object? state)
    {
        if (context.Store.Options.CallState is { } callState && !context.Store.IsDisposed)
            Quietly((callState, state), static call => call.callState.Resume(call.state));
    }

    /// <summary>Has <see cref="CallState"/> forget a call that failed, in whose middle it may have been.</summary>
    private void AbandonState()
    {
        if (context.Store.Options.CallState is { } callState && !context.Store.IsDisposed)
            Quietly(callState, static callState => callState.Abandon());
    }

    /// <summary>Has the host say more of an exception that no code of the store can catch any more, as nothing of it runs.</summary>
    /// <param name="failure">What a call failed with, if it did.</param>
    /// <param name="isNested">Whether code of the store goes on when the call has ended.</param>
    /// <param name="token">What the call can be cancelled with.</param>
    private void Describe(Exception? failure, bool isNested, CancellationToken token)
    {
        if (!isNested && failure is WasmException uncaught && context.Store.Options.DescribeException is { } describe && !context.Store.IsDisposed)
            Quietly((uncaught, describe, token), static call => call.uncaught.Description ??= call.describe(call.uncaught, call.token));
    }

    /// <summary>Has the host do something when a call is over, which no longer hears of a failure.</summary>
    /// <param name="argument">What the action takes: it is to have no variables from outside, for which each call would need an object.</param>
    /// <param name="action">The action.</param>
    private static void Quietly<T>(T argument, Action<T> action)
    {
        try
        {
            action(argument);
        }
#pragma warning disable CA1031 // Whatever it is, nobody is there for it.
        catch
#pragma warning restore CA1031
        {
        }
    }

    /// <summary>Ends a call whose results are in the slots.</summary>
    private void Complete(Fiber fiber, bool isNested)
    {
        ShadowStacks.Check(fiber);
        fiber.Completion.TakeResults(fiber.Function, context);
        End(fiber, null, isNested);
    }

    private void Fail(Fiber fiber, Exception exception, bool isNested, bool isOutermost)
    {
        Abandon(fiber.Frames, exception);
        exception = ForCaller(exception, isNested, isOutermost, fiber.CancellationToken);
        fiber.Suspension?.Abandon();
        fiber.Suspension = null;
        fiber.Completion.TakeFailure(exception);
        End(fiber, exception, isNested);
    }

    /// <summary>Drops the frames of a call that failed; a trap tells which they were.</summary>
    private void Abandon(FrameStack frames, Exception exception)
    {
        context.Suspension?.Abandon();
        context.Suspension = null;
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

    /// <summary>Keeps a fiber that ended for another call.</summary>
    private ICompletion Release(Fiber fiber)
    {
        var completion = fiber.TakeCompletion();
        if (_kept.Count > 0)
            _kept.Remove(fiber);
        if (_idleFibers.Count < MostIdleFibers && fiber.TryReset())
        {
            _idleFibers.Push(fiber);
            return completion;
        }

        _fibers.Remove(fiber);
        fiber.Frames.Drop();
        return completion;
    }
}
