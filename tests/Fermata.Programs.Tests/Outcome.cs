namespace Fermata.Programs.Tests;

/// <summary>How a program ended and what it printed.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
public sealed record Outcome(int ExitCode, string Output, string Error)
{
    /// <summary>All of it, as <c>node/record.mjs</c> records it.</summary>
    public override string ToString() => $"{Output}\n=== error\n{Error}\n=== exit code {ExitCode}\n";
}
