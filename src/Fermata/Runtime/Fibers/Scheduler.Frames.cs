namespace Fermata.Runtime;

/// <summary>The frames of calls, and how many there may be.</summary>
internal sealed partial class Scheduler
{
    /// <summary>Keeps the frames of a stack that was unwound, for whatever reason.</summary>
    /// <param name="frames">The frames of the call so far.</param>
    /// <exception cref="TrapException">Its frames are more than a call may have.</exception>
    private void Save(FrameStack frames)
    {
        frames.Push(context);
        if (frames.ByteLength > context.Store.Engine.Options.MaxFrameBytes)
            Trap.StackExhausted();
    }
}
