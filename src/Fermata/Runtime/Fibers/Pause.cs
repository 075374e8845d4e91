namespace Fermata.Runtime;

/// <summary>For tests of the engine: a call has stopped in the middle of its code (<see cref="Scheduler.PausesNext"/>). It goes on when it is told to, or in a store that is restored.</summary>
internal sealed class Pause : Suspension
{
    public static readonly Pause Instance = new();

    private Pause()
    {
    }

    public override string Name => "pause";

    public override bool IsCompleted => true;

    public override bool GoesOnByItself => true;

    public override void OnCompleted(Action continuation)
    {
        // Nothing ends a pause by itself.
    }

    public override void TakeResult(StoreContext context, FrameStack frames)
    {
    }
}
