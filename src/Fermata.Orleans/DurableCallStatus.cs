using Fermata.Durable;

namespace Fermata.Orleans;

/// <summary>How far a durable call is.</summary>
/// <param name="State">How far.</param>
/// <param name="Results">Its results, if it has completed.</param>
/// <param name="Error">What it failed with, or why it was ended, or why its store cannot be gone on with; null otherwise.</param>
[GenerateSerializer]
[Immutable]
[Alias("Fermata.DurableCallStatus")]
public sealed record DurableCallStatus([property: Id(0)] DurableCallState State, [property: Id(1)] Value[]? Results, [property: Id(2)] string? Error);
