namespace Fermata.Runtime;

/// <summary>The stacks of calls on the heap, and how much of them there may be.</summary>
internal sealed partial class Scheduler
{
    /// <summary>The frames of calls that are not promising, and run now.</summary>
    private readonly Stack<FrameStack> _synchronousFrames = [];

    /// <summary>The most that the frames of a call may take on the heap, in bytes.</summary>
    public int MaxFrameBytes { get; } = context.Store.Engine.Options.MaxFrameBytes;

    /// <summary>Keeps the frames of a stack that was unwound, for whatever reason.</summary>
    /// <param name="frames">The frames of the call so far.</param>
    /// <exception cref="TrapException">Its frames are more than a call may have.</exception>
    /// <exception cref="ResourceLimitException">The store may not have the memory for them.</exception>
    private void Save(FrameStack frames)
    {
        frames.Push(context);
        if (frames.IsLarge && frames.ByteLength > MaxFrameBytes)
            Trap.StackExhausted();
    }

    /// <summary>Counts what the stack of a call takes on the heap, before it does, or no longer takes. The turn is held.</summary>
    /// <param name="bytes">How many bytes more; fewer if it is negative.</param>
    /// <exception cref="ResourceLimitException">The limiter does not allow it; nothing was counted.</exception>
    public void CountStack(long bytes)
    {
        var resources = context.Store.Resources;
        if (bytes < 0)
        {
            resources.Release(StoreResource.StackBytes, -bytes);
        }
        else if (!resources.TryReserve(StoreResource.StackBytes, bytes))
        {
            // Calls that nothing could resume may have been collected meanwhile, which nobody tells.
            resources.Replace(StoreResource.StackBytes, SumStacks());
            resources.Reserve(StoreResource.StackBytes, bytes);
        }
    }

    private long SumStacks() =>
        _fibers.ToList().Sum(static fiber => fiber.Frames.HeldBytes + fiber.CopyBytes) + _synchronousFrames.Sum(static frames => frames.HeldBytes);

    private FrameStack AddSynchronousFrames()
    {
        var frames = new FrameStack(this);
        _synchronousFrames.Push(frames);
        return frames;
    }

    private void RemoveSynchronousFrames()
    {
        _synchronousFrames.Pop().Drop();

        // There is something if it could not be kept.
        context.ClearSaved();
    }
}
