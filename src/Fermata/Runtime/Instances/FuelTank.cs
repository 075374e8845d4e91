namespace Fermata;

/// <summary>Fuel for several stores together (<see cref="StoreOptions.FuelTank"/>). May be used by several threads at once.</summary>
/// <remarks>
/// A store takes some of it ahead, at most a million and at most a sixteenth of what is there, or a thousand if that is more; it gives back what it has not used when it is disposed.
/// </remarks>
/// <example><code>
/// var tank = new FuelTank(1_000_000_000);
/// await program.RunAsync(builder, new StoreOptions { FuelTank = tank });
/// </code></example>
public sealed class FuelTank
{
    private const long MostAhead = 1_000_000;
    private const long LeastAhead = 1_000;
    private const long Parts = 16;

    private long _left;

    /// <summary>Makes a tank.</summary>
    /// <param name="fuel">What is in it: how many instructions may be executed, as <see cref="Store.Fuel"/> counts them.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public FuelTank(long fuel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fuel);
        _left = fuel;
    }

    /// <summary>How much is left that no store has taken.</summary>
    public long Left => Volatile.Read(ref _left);

    /// <summary>Adds fuel.</summary>
    /// <param name="fuel">How much. What would be more than <see cref="long.MaxValue"/> in the end is lost.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public void Add(long fuel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fuel);
        Change(left => long.CreateSaturating((Int128)left + fuel));
    }

    /// <summary>Takes fuel ahead.</summary>
    /// <param name="atLeast">How much is needed, not negative.</param>
    /// <returns>How much there is: less if there is no more.</returns>
    internal long Take(long atLeast)
    {
        var before = Change(left => left - AmountOf(left, atLeast));
        return AmountOf(before, atLeast);
    }

    private static long AmountOf(long left, long atLeast) => Math.Min(left, Math.Max(atLeast, Math.Clamp(left / Parts, LeastAhead, MostAhead)));

    /// <returns>What was left before.</returns>
    private long Change(Func<long, long> change)
    {
        while (true)
        {
            var left = Left;
            if (Interlocked.CompareExchange(ref _left, change(left), left) == left)
                return left;
        }
    }
}
