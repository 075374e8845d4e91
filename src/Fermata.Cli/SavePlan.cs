namespace Fermata.Cli;

/// <summary>Where a run is saved when it is interrupted.</summary>
/// <param name="Path">The file.</param>
/// <param name="After">After which time that happens by itself, if at all.</param>
internal sealed record SavePlan(string Path, TimeSpan? After);
