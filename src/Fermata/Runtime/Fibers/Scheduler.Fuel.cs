namespace Fermata.Runtime;

/// <summary>Fuel for code that has none left.</summary>
internal sealed partial class Scheduler
{
    private HostFunction? _fuelSource;

    /// <summary>Takes more fuel from the tank, or else asks the host; if it is not there yet, the fiber is to wait for it.</summary>
    /// <exception cref="TrapException">There is no more.</exception>
    private void Refuel()
    {
        if (context.TryRefill())
            return;
        if (context.CurrentFiber is null || context.Store.Options.FuelSource is not { } source)
        {
            Trap.OutOfFuel();
            return;
        }

        var fuel = Ask(source);
        if (fuel.IsCompleted && !context.Store.Options.AlwaysSuspend)
            context.AddFuel(fuel.GetAwaiter().GetResult());
        else
            context.Suspension = new FuelSuspension(this, fuel);
    }

    /// <summary>Calls the source as a host function, which it is to code that it calls.</summary>
    private ValueTask<long> Ask(Func<ValueTask<long>> source)
    {
        context.CurrentHost = _fuelSource ??= new HostFunction(context.Store, "the source of fuel", source);
        try
        {
            return source();
        }
        finally
        {
            context.CurrentHost = null;
        }
    }
}
