namespace Fermata.Tests.Suspension;

/// <summary>Allows everything, and notes how many promising calls there were before the last one.</summary>
internal sealed class CallCounter : ResourceLimiter
{
    public long Before { get; private set; }

    public override bool Allows(StoreResource resource, long current, long wanted)
    {
        if (resource == StoreResource.Calls)
            Before = current;
        return true;
    }
}
