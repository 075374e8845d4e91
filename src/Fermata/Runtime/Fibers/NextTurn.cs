namespace Fermata.Runtime;

/// <summary>A fiber has given up its turn, and waits behind the others.</summary>
internal sealed class NextTurn : Suspension
{
    public static readonly NextTurn Instance = new();

    private NextTurn()
    {
    }

    public override string Name => "turn";

    public override bool IsCompleted => true;

    public override bool GoesOnByItself => true;

    public override void OnCompleted(Action continuation) => throw new InvalidOperationException("A fiber waits for its turn in the queue of its store.");

    public override void TakeResult(StoreContext context, FrameStack frames)
    {
    }
}
