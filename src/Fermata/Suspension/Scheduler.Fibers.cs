namespace Fermata.Suspension;

/// <summary>What the calls of a store do.</summary>
internal sealed partial class Scheduler
{
    private uint _calls;

    /// <summary>A number for a new call. For any thread.</summary>
    public uint NextId() => Interlocked.Increment(ref _calls);

    /// <summary>The calls that have not ended, in the order in which they were made. The turn is held.</summary>
    public List<FiberInfo> Describe() =>
        [.. _fibers.ToList().Concat(_ready.Fibers).Where(fiber => !fiber.HasEnded).Distinct().Select(fiber => fiber.Describe()).OrderBy(fiber => fiber.Id)];
}
