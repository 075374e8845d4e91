namespace Fermata.Fuzz.Soak;

/// <summary>What came of a run.</summary>
/// <param name="Problems">What was violated.</param>
/// <param name="Late">What passed from its end to the end of its calls; null if these had ended by themselves.</param>
/// <param name="Results">How each call ended.</param>
/// <param name="HasHung">Whether something still runs.</param>
internal sealed record SoakOutcome(IReadOnlyList<string> Problems, Moment? Late, IReadOnlyList<string> Results, bool HasHung);
