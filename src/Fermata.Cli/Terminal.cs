namespace Fermata.Cli;

/// <summary>Where commands print.</summary>
/// <param name="Output">Results.</param>
/// <param name="Error">Errors, notes and progress.</param>
internal sealed record Terminal(TextWriter Output, TextWriter Error);
