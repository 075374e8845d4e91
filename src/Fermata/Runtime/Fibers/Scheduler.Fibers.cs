namespace Fermata.Runtime;

/// <summary>What the calls of a store do.</summary>
internal sealed partial class Scheduler
{
    private uint _calls;

    /// <summary>A number for a call. The turn is held.</summary>
    public uint NextId() => ++_calls;

    /// <summary>The calls that have not ended, in the order in which they started. The turn is held.</summary>
    public List<FiberInfo> Describe() => [.. Live().Select(fiber => fiber.Describe()).OrderBy(fiber => fiber.Id)];

    /// <summary>The tasks of the calls that have not ended. The turn is held.</summary>
    public List<Task> Tasks() => [.. Live().Select(fiber => fiber.Completion.Task)];

    private IEnumerable<Fiber> Live() => _fibers.ToList().Concat(_ready.Fibers).Where(fiber => !fiber.HasEnded).Distinct();
}
