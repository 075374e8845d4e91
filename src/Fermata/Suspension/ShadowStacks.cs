namespace Fermata.Suspension;

/// <summary>The C stacks in a store's linear memories (DESIGN §5).</summary>
internal sealed class ShadowStacks(ShadowStackPolicy policy)
{
    public ShadowStackPolicy Policy { get; } = policy;

    /// <summary>Looks for a stack in a new instance.</summary>
    public void Add(Instance instance)
    {
        _ = Policy;
    }

    public void Start(Fiber fiber)
    {
        _ = Policy;
    }

    public void Resume(Fiber fiber)
    {
        _ = Policy;
    }

    public void Suspend(Fiber fiber, bool isNested)
    {
        _ = Policy;
    }

    public void End(Fiber fiber, bool isNested)
    {
        _ = Policy;
    }
}
