namespace Fermata.Durable;

/// <summary>A function that waits until somebody raises an event.</summary>
internal sealed class EventFunction<T>(string name) : DurableFunction(name)
{
    /// <param name="eventName">A delegate that makes the name of the event of the arguments.</param>
    /// <param name="complete">A delegate that makes results of what the event has.</param>
    public (Delegate Begin, Delegate Complete) Steps(Delegate eventName, Delegate complete)
    {
        if (eventName.Method.ReturnType != typeof(string))
            throw new ArgumentException($"{Name} must say which event it waits for: a delegate that returns a string.", nameof(eventName));
        return Steps(
            eventName,
            value => new Asked("null", Event: StorableText.Require((string?)value ?? throw new InvalidOperationException($"{Name} waits for an event without a name."), "event")),
            complete,
            typeof(T));
    }
}
