namespace Fermata;

/// <summary>A module that a snapshot needs.</summary>
/// <param name="Name">What it was called (<see cref="Module.Name"/>); null if nothing.</param>
/// <param name="Hash">The SHA-256 of its bytes (<see cref="Module.Hash"/>).</param>
public sealed record SnapshotModule(string? Name, ReadOnlyMemory<byte> Hash);
