namespace Fermata.Bench;

/// <summary>What a process says once it is warm.</summary>
/// <param name="Engine">Name and version.</param>
internal sealed record Greeting(string Engine);
