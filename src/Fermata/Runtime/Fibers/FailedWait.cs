using System.Runtime.ExceptionServices;

namespace Fermata.Runtime;

/// <summary>A wait that could not begin.</summary>
/// <param name="wait">What was to be waited for.</param>
/// <param name="failure">Why it could not.</param>
internal sealed class FailedWait(Suspension wait, Exception failure) : Suspension
{
    public override string Name => wait.Name;

    public override bool IsCompleted => true;

    public override bool IsFatal => wait.IsFatal;

    public override void OnCompleted(Action continuation) => continuation();

    public override void TakeResult(StoreContext context, FrameStack frames) => ExceptionDispatchInfo.Throw(failure);
}
