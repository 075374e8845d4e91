namespace Fermata.Runtime;

/// <summary>What a store has, for its limiter; without one only what the stores of a process share, its memories, is counted and limited.</summary>
/// <remarks>Several threads may ask at once. Each counts first and asks then, so that what is allowed is never exceeded.</remarks>
internal sealed class ResourceCounts(ResourceLimiter? limiter)
{
    private static readonly StoreLimits DefaultLimits = new();

    private readonly long[] _counts = new long[Enum.GetValues<StoreResource>().Length];

    /// <summary>Counts an amount if the limiter allows it.</summary>
    public bool TryReserve(StoreResource resource, long amount) => Ask(resource, amount) is null;

    /// <summary>Counts an amount.</summary>
    /// <exception cref="ResourceLimitException">The limiter does not allow it; nothing was counted.</exception>
    public void Reserve(StoreResource resource, long amount)
    {
        if (Ask(resource, amount) is { } refused)
            throw new ResourceLimitException(resource, refused - amount, refused, hasLimiter: limiter is not null);
    }

    /// <summary>Counts all the amounts.</summary>
    /// <exception cref="ResourceLimitException">The limiter does not allow one; nothing was counted.</exception>
    public void Reserve(ReadOnlySpan<(StoreResource Resource, long Amount)> amounts)
    {
        var done = 0;
        try
        {
            for (; done < amounts.Length; done++)
                Reserve(amounts[done].Resource, amounts[done].Amount);
        }
        finally
        {
            if (done < amounts.Length)
                Release(amounts[..done]);
        }
    }

    public void Release(ReadOnlySpan<(StoreResource Resource, long Amount)> amounts)
    {
        foreach (var (resource, amount) in amounts)
            Release(resource, amount);
    }

    /// <summary>Counts an amount in place of what was counted.</summary>
    public void Replace(StoreResource resource, long amount) => Interlocked.Exchange(ref _counts[(int)resource], amount);

    public void Release(StoreResource resource, long amount)
    {
        if (LimiterOf(resource) is not null)
            Interlocked.Add(ref _counts[(int)resource], -amount);
    }

    private ResourceLimiter? LimiterOf(StoreResource resource) => limiter ?? (resource == StoreResource.Memories ? DefaultLimits : null);

    /// <returns>Null if the amount was counted, else what the store would have had with it.</returns>
    private long? Ask(StoreResource resource, long amount)
    {
        if (amount == 0 || LimiterOf(resource) is not { } responsible)
            return null;
        var wanted = Interlocked.Add(ref _counts[(int)resource], amount);
        var isAllowed = false;
        try
        {
            isAllowed = responsible.Allows(resource, wanted - amount, wanted);
        }
        finally
        {
            if (!isAllowed)
                Release(resource, amount);
        }

        return isAllowed ? null : wanted;
    }
}
