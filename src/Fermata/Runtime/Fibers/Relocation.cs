namespace Fermata.Runtime;

/// <summary>A stack that goes on at once from the heap: nothing is waited for.</summary>
internal sealed class Relocation : Suspension
{
    /// <summary>At the entry of a function or the head of a loop: the native stack ends here, or somebody wants the scheduler to look at the code.</summary>
    public static readonly Relocation Requested = new();

    /// <summary>After a call, with its results in the slots (<see cref="EngineOptions.SuspendEverywhere"/>).</summary>
    public static readonly Relocation Forced = new();

    private Relocation()
    {
    }

    public override string Name => "stack";

    public override bool IsCompleted => true;

    public override void OnCompleted(Action continuation) => continuation();

    public override void TakeResult(StoreContext context, FrameStack frames)
    {
    }
}
