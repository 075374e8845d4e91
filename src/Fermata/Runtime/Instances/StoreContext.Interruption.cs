using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fermata.Runtime;

/// <summary>How the code that runs is asked to stop.</summary>
/// <remarks>
/// Code that is interrupted is suspended at the head of the next loop or, since it compares with <see cref="StackLimit"/> there anyway, at the entry of
/// the next function.
/// Whoever interrupts writes the flag and then the limit; whoever changes the limit reads the flag afterwards; so neither is lost. The barrier that
/// this takes is all on the side of the one who interrupts, which is seldom.
/// </remarks>
internal sealed partial class StoreContext
{
    /// <summary>Whether somebody wants the code to stop: what generated code tests at the heads of loops.</summary>
    internal bool IsInterrupted;

    /// <summary>Has the code that runs, or else the code that runs next, look for what it is asked. For any thread.</summary>
    internal void Interrupt()
    {
        if (!Store.Engine.Options.IsInterruptible)
            return;
        Volatile.Write(ref IsInterrupted, true);
        Interlocked.MemoryBarrierProcessWide();
        Volatile.Write(ref StackLimit, nuint.MaxValue);
    }

    /// <summary>The instructions that code may still execute; generated code counts down.</summary>
    internal long Fuel;

    /// <summary>Takes fuel for work that an instruction does beyond itself, and looks whether the call is to end. Code that can get more fuel, gets it where it is stopped next.</summary>
    /// <returns>Whether the work is to be done. Otherwise what ends the call is on its way out by the return path, and the instruction returns at once.</returns>
    internal bool TryPay(long units)
    {
        if (Store.Engine.Options.UsesFuel)
            Fuel -= units;
        return (Fuel >= 0 && !IsInterrupted) || GoesOn();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool GoesOn()
    {
        if (LacksFuel)
            Throw(new TrapException(TrapKind.OutOfFuel) { IsReturning = true });
        else if (IsInterrupted && Store.Scheduler.FindEnd() is { } end)
            Throw(end);
        else
            return true;
        return false;
    }

    /// <summary>For where a call cannot wait for more fuel.</summary>
    /// <exception cref="TrapException">There is none left, and no source.</exception>
    internal void RequireFuel()
    {
        if (LacksFuel)
            Trap.OutOfFuel();
    }

    /// <summary>Whether there is no fuel left, and no source.</summary>
    private bool LacksFuel => Fuel < 0 && Store.Engine.Options.UsesFuel && !TryRefill() && Store.Options.FuelSource is null;

    /// <summary>Takes fuel from the tank, for code that has none left.</summary>
    /// <returns>Whether it has some now.</returns>
    internal bool TryRefill()
    {
        if (Store.Options.FuelTank is { } tank)
            Fuel += tank.Take(atLeast: Math.Max(0, -Fuel));
        return Fuel >= 0;
    }

    /// <summary>Settles with the tank: gives back what is left, or takes what was overdrawn.</summary>
    internal void ReturnFuel()
    {
        if (Store.Options.FuelTank is not { } tank)
            return;
        TryRefill();
        tank.Add(Math.Max(0, Fuel));
        Fuel = 0;
    }

    /// <summary>Adds fuel for code that has none left.</summary>
    /// <exception cref="TrapException">There still is none.</exception>
    internal void AddFuel(long fuel)
    {
        Fuel = long.CreateSaturating((Int128)Fuel + fuel);
        if (Fuel < 0)
            Trap.OutOfFuel();
    }

    /// <summary>Where code that is interrupted in a loop leaves the values of its frame.</summary>
    internal ulong[] StoppedNumbers = [];

    /// <inheritdoc cref="StoppedNumbers"/>
    internal object?[] StoppedReferences = [];

    /// <summary>
    /// Called by generated code at the head of a loop when it is interrupted, with the values of its frame in the arrays above: it is suspended, and
    /// the scheduler sees what is wanted.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Stop(Instance instance, ulong header)
    {
        Suspension = Relocation.Requested;
        ref readonly var site = ref instance.Code.Sites(FrameHeader.Function(header))[FrameHeader.Site(header)];
        ref var frame = ref SaveFrame(instance, header, site.NumberCount);
        StoppedNumbers.AsSpan(0, site.NumberCount).CopyTo(MemoryMarshal.CreateSpan(ref frame, site.NumberCount));
        if (site.ReferenceCount == 0)
            return;
        var references = StoppedReferences.AsSpan(0, site.ReferenceCount);
        references.CopyTo(MemoryMarshal.CreateSpan(ref SaveReferences(site.ReferenceCount), site.ReferenceCount));
        references.Clear();
    }

    /// <summary>Makes room for the frames of a module's loops.</summary>
    internal void EnsureStops(int numbers, int references)
    {
        if (numbers > StoppedNumbers.Length)
            StoppedNumbers = new ulong[numbers];
        if (references > StoppedReferences.Length)
            StoppedReferences = new object?[references];
    }

    /// <summary>Whether the code was interrupted; it no longer is afterwards. Called whenever code was asked to stop.</summary>
    internal bool TakeInterruption()
    {
        // A full fence: what is wanted of the code is looked at afterwards.
        var isInterrupted = Interlocked.Exchange(ref IsInterrupted, false);

        // Also where the flag was not set. Whoever interrupts may write the limit long after the flag was seen in a loop; each function would be stopped
        // at its entry then.
        Stack = _stack;
        return isInterrupted;
    }

    /// <summary>Ends the call if it is to end; a call that is only to wait goes on.</summary>
    internal void EndIfDue()
    {
        if (IsInterrupted)
            ReturnFromHost();
    }

    /// <summary>As <see cref="EndIfDue"/>. Called by the thunks of host functions, which look themselves whether code is interrupted.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void ReturnFromHost() => Store.Scheduler.ThrowIfEnding();

    /// <summary>Has the code that runs on this thread look again.</summary>
    internal void KeepInterrupted()
    {
        Volatile.Write(ref IsInterrupted, true);
        NoticeInterruption();
    }

    private void NoticeInterruption()
    {
        if (Volatile.Read(ref IsInterrupted))
            StackLimit = nuint.MaxValue;
    }
}
