using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Fermata.Runtime;

/// <summary>What resumes a fiber.</summary>
internal sealed partial class Scheduler
{
    /// <summary>Puts what a fiber has waited for into the slots, with its C stacks in place.</summary>
    /// <returns>What the wait failed with; null if there are results.</returns>
    private Exception? TakeAwaited(Fiber fiber)
    {
        context.ShadowStacks.Resume(fiber);
        ResumeState(fiber);
        var failure = fiber.TakeAwaited(context);
        if (failure is not null && fiber.Suspension is { IsFatal: true })
            ExceptionDispatchInfo.Throw(failure);
        return failure;
    }

    /// <summary>Resumes frame after frame, with the results of the one before in the slots; true if none is left, false if the fiber is to wait.</summary>
    /// <param name="frames">The frames.</param>
    /// <param name="failure">What the call ended with that the newest frame waits for; null if it has results.</param>
    private bool RunFrames(FrameStack frames, Exception? failure)
    {
        while (true)
        {
            failure ??= context.TakeThrown();
            if (failure is not null)
            {
                if (!ExceptionOperations.IsCatchable(failure))
                    ThrowOut(failure);
                EndBetweenFrames();
                if (!frames.UnwindToHandler(context, failure as WasmException))
                    ExceptionDispatchInfo.Throw(failure);
                context.Throw(failure);
                failure = null;
            }
            else if (context.Suspension is { } suspension)
            {
                if (suspension is not Relocation relocation)
                    return false;
                Relocate(frames, relocation);
                if (context.Suspension is not null)
                    return false;
            }
            else if (frames.IsEmpty)
            {
                return true;
            }
            else
            {
                EndBetweenFrames();
            }

            frames.Resume(context);
        }
    }

    /// <summary>Throws what no code can catch out of a call.</summary>
    /// <remarks>
    /// .NET copies the trace of an exception that is thrown again. Through hundreds of calls inside one another that takes longer than a call may take to end; so an end, whose trace
    /// nobody reads, begins one anew in each.
    /// </remarks>
    [DoesNotReturn]
    private static void ThrowOut(Exception failure)
    {
        if (ExceptionOperations.IsEnd(failure))
            throw failure;
        if (failure is TrapException trap)
            trap.IsReturning = false;
        ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Ends a call between its frames, if it is to end. It cannot wait there: the slots hold results.</summary>
    private void EndBetweenFrames()
    {
        context.EndIfDue();
        context.RequireFuel();
    }

    /// <summary>Takes the frames of a stack that is to go on at once, unless the fiber is told to wait on this occasion.</summary>
    private void Relocate(FrameStack frames, Relocation relocation)
    {
        context.Suspension = null;
        Save(frames);
        if (relocation == Relocation.Requested)
            Look();
    }
}
