using System.Globalization;

namespace Fermata;

/// <summary>
/// The limiter of a store refused it an instance, a memory, a table, a promising call or the stack of a call (<see cref="StoreOptions.Limiter"/>).
/// </summary>
public sealed class ResourceLimitException : Exception
{
    internal ResourceLimitException(StoreResource resource, long current, long wanted, bool hasLimiter)
        : base(hasLimiter
            ? Invariant($"the store's limiter refuses {wanted} {Wording(resource)}; the store has {current}")
            : Invariant($"a store without a limiter may not have {wanted} {Wording(resource)}, since all stores of the process share what there is; ")
              + Invariant($"the store has {current}: give it a limiter that allows more (StoreOptions.Limiter, StoreLimits)"))
    {
        Resource = resource;
        Current = current;
        Wanted = wanted;
    }

    /// <summary>What there would have been too much of.</summary>
    public StoreResource Resource { get; }

    /// <summary>How much of it the store has.</summary>
    public long Current { get; }

    /// <summary>How much of it the store would have had.</summary>
    public long Wanted { get; }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Wording(StoreResource resource) => resource switch
    {
        StoreResource.MemoryBytes => "bytes of memory",
        StoreResource.TableElements => "table elements",
        StoreResource.Instances => "instances",
        StoreResource.Memories => "memories",
        StoreResource.Tables => "tables",
        StoreResource.StackBytes => "bytes of stacks on the heap",
        StoreResource.Calls => "promising calls",
        _ => "bytes of objects",
    };
}
