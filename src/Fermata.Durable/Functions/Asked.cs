namespace Fermata.Durable;

/// <summary>What a guest waits for: an answer of the host, an event, or a time.</summary>
/// <param name="Request">What is asked, in JSON.</param>
/// <param name="Event">The event that gives the answer; null if none does.</param>
/// <param name="Due">When the wait ends by itself, in milliseconds since 1970; null if it does not.</param>
internal sealed record Asked(string Request, string? Event = null, long? Due = null);
