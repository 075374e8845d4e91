using System.Runtime.ExceptionServices;

namespace Fermata.Runtime;

/// <summary>A wait that could not begin.</summary>
/// <param name="wait">What was to be waited for.</param>
/// <param name="failure">Why it could not.</param>
internal sealed class FailedWait(Suspension wait, Exception failure) : Suspension
{
    /// <summary>What was to be waited for.</summary>
    public Suspension Wait { get; } = wait;

    public override string Name => Wait.Name;

    public override bool IsCompleted => true;

    public override bool IsFatal => Wait.IsFatal;

    public override void OnCompleted(Action continuation) => continuation();

    public override void TakeResult(StoreContext context, FrameStack frames) => ExceptionDispatchInfo.Throw(failure);
}
