namespace Fermata.Durable.Tests;

/// <summary>A clock that is ahead.</summary>
/// <param name="time">By how much.</param>
internal sealed class LaterClock(TimeSpan time) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + time;
}
