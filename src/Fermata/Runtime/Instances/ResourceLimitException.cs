using System.Globalization;

namespace Fermata;

/// <summary>
/// The limiter of a store refused it an instance, a memory, a table, a promising call or the stack of a call (<see cref="StoreOptions.Limiter"/>).
/// </summary>
public sealed class ResourceLimitException : Exception
{
    internal ResourceLimitException(StoreResource resource, long current, long wanted)
        : base(string.Create(CultureInfo.InvariantCulture, $"the store's limiter refuses {wanted} {Wording(resource)}; the store has {current}"))
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

    private static string Wording(StoreResource resource) => resource switch
    {
        StoreResource.MemoryBytes => "bytes of memory",
        StoreResource.TableElements => "table elements",
        StoreResource.Instances => "instances",
        StoreResource.Memories => "memories",
        StoreResource.Tables => "tables",
        StoreResource.StackBytes => "bytes of stacks on the heap",
        _ => "promising calls",
    };
}
