namespace Fermata.Durable;

/// <summary>A function that waits for a time.</summary>
internal sealed class TimerFunction(string name, TimeProvider clock) : DurableFunction(name)
{
    /// <param name="delay">A delegate that makes a <see cref="TimeSpan"/> of the arguments.</param>
    public (Delegate Begin, Delegate Complete) Steps(Delegate delay)
    {
        if (delay.Method.ReturnType != typeof(TimeSpan))
            throw new ArgumentException($"{Name} must say how long to wait: a delegate that returns a TimeSpan.", nameof(delay));
        return Steps(delay, value => new Asked("null", Due: (clock.GetUtcNow() + (TimeSpan)value!).ToUnixTimeMilliseconds()), complete: null, typeof(void));
    }
}
