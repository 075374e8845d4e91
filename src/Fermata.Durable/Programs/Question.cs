namespace Fermata.Durable;

/// <summary>What a program asks by a file.</summary>
/// <param name="Function">The function of the host that answers, or what stands for it.</param>
/// <param name="Event">The event that is the answer; null if none is.</param>
/// <param name="Delay">How long it takes until there is an answer, by what is asked in JSON; null if the time alone does not answer.</param>
internal sealed record Question(DurableFunction Function, string? Event = null, Func<string, TimeSpan>? Delay = null);
