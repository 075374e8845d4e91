namespace Fermata.Wast;

/// <summary>A script of the specification's test suite.</summary>
/// <param name="Path">Its path from the root of the suite, with slashes.</param>
/// <param name="File">Its file.</param>
/// <param name="Assertions">How many assertions it makes.</param>
public sealed record SpecScript(string Path, string File, int Assertions);
