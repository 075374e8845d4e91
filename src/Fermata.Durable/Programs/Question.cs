namespace Fermata.Durable;

/// <summary>What a program asks by a file.</summary>
/// <param name="Function">The function of the host that answers, or what stands for it.</param>
/// <param name="Event">The event that is the answer; null if none is.</param>
internal sealed record Question(DurableFunction Function, string? Event = null);
