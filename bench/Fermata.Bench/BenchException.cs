namespace Fermata.Bench;

/// <summary>A failure that the user is told about in one line.</summary>
internal sealed class BenchException(string message) : Exception(message);
