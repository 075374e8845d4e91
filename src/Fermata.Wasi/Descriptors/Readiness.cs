namespace Fermata.Wasi;

/// <summary>What is told of a file descriptor that can be read or written.</summary>
/// <param name="Bytes">How many bytes can be read or written, as far as that is known.</param>
/// <param name="IsHungUp">Whether the other end is gone.</param>
internal readonly record struct Readiness(long Bytes = 0, bool IsHungUp = false);
