namespace Fermata.Runtime;

/// <summary>An exception that no handler has caught yet: the stack unwinds to one.</summary>
internal sealed class ThrownException : Suspension
{
    /// <summary>The exception; null while none is on its way.</summary>
    public Exception? Exception { get; set; }

    public override string Name => "exception";

    public override bool IsCompleted => true;

    public override void OnCompleted(Action continuation) => continuation();

    public override void TakeResult(StoreContext context, FrameStack frames)
    {
    }
}
