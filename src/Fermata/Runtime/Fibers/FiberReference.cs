namespace Fermata.Runtime;

/// <summary>What the task of a promising call keeps of it: the fiber, until the call ends.</summary>
internal sealed class FiberReference(Fiber fiber)
{
    private Fiber? _fiber = fiber;

    public void Clear() => _fiber = null;
}
