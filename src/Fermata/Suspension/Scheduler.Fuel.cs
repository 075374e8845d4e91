using System.Runtime.ExceptionServices;
using Fermata.Execution;

namespace Fermata.Suspension;

/// <summary>Fuel for code that has none left.</summary>
internal sealed partial class Scheduler
{
    private Function? _fuelSource;

    /// <summary>Asks the host for more fuel.</summary>
    /// <returns>Whether the code goes on at once; if not, its fiber waits for the fuel.</returns>
    /// <exception cref="TrapException">There is no more.</exception>
    private bool Refuel()
    {
        if (context.CurrentFiber is not { } fiber || context.Store.Options.FuelSource is not { } source)
        {
            Trap.OutOfFuel();
            return false;
        }

        _fuelSource ??= Function.Create(context.Store, source, "the source of fuel");
        _fuelSource.Enter(context);
        fiber.AwaitsFuel = context.Unwinding;
        if (context.Unwinding)
            return false;
        TakeFuel(fiber, null);
        return true;
    }

    /// <summary>Adds the fuel that came. What is thrown here ends the call, whatever it would catch.</summary>
    private void TakeFuel(Fiber fiber, Exception? failure)
    {
        fiber.AwaitsFuel = false;
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
        context.Fuel = long.CreateSaturating((Int128)context.Fuel + (long)context.Slots[0]);
        if (context.Fuel < 0)
            Trap.OutOfFuel();
    }
}
