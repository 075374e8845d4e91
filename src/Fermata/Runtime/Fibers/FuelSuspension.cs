namespace Fermata.Runtime;

/// <summary>A call has no fuel left, and the host was asked for more.</summary>
/// <param name="scheduler">The scheduler of the store.</param>
/// <param name="fuel">How much there is.</param>
internal sealed class FuelSuspension(Scheduler scheduler, ValueTask<long> fuel) : Suspension
{
    private ValueTask<long> _fuel = fuel;

    public override string Name => "fuel";

    public override bool IsCompleted => _fuel.IsCompleted;

    public override bool GoesOnByItself => true;

    public override bool IsFatal => true;

    public override void OnCompleted(Action continuation) => Continuation.OnCompleted(scheduler, ref _fuel, continuation);

    public override void TakeResult(StoreContext context, FrameStack frames)
    {
        var fuel = _fuel;
        _fuel = default;
        context.AddFuel(fuel.GetAwaiter().GetResult());
    }
}
