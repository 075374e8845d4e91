using System.Runtime.ExceptionServices;

namespace Fermata.Runtime;

/// <summary>Fuel for code that has none left.</summary>
internal sealed partial class Scheduler
{
    private static readonly ResultWriter<long> WriteFuel = static (_, context, fuel) => context.Slots[0] = (ulong)fuel;

    private HostFunction? _fuelSource;

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

        _fuelSource ??= new HostFunction(
            context.Store, context.Store.Engine.Types.Intern(new FuncType([], [ValType.I64])), new HostThunk(0, WriteFuel), source, "the source of fuel", null);
        SuspendingImport.Enter(_fuelSource);
        ValueTask<long> task;
        try
        {
            task = source();
        }
        finally
        {
            context.CurrentHost = null;
        }

        if (!SuspendingImport.TryComplete(_fuelSource, task, out var fuel))
        {
            fiber.AwaitsFuel = true;
            return false;
        }

        AddFuel(fuel);
        return true;
    }

    /// <summary>Adds the fuel that came. What is thrown here ends the call, whatever it would catch.</summary>
    private void TakeFuel(Fiber fiber, Exception? failure)
    {
        fiber.AwaitsFuel = false;
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
        AddFuel((long)context.Slots[0]);
    }

    private void AddFuel(long fuel)
    {
        context.Fuel = long.CreateSaturating((Int128)context.Fuel + fuel);
        if (context.Fuel < 0)
            Trap.OutOfFuel();
    }
}
