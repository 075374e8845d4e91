namespace Fermata.Wast;

/// <summary>How an assertion of a script went, or that another command failed.</summary>
/// <param name="Script">The name of the script.</param>
/// <param name="Line">The line of the command, from 1.</param>
/// <param name="Command">The keyword of the command.</param>
/// <param name="Outcome">How it went.</param>
/// <param name="Reason">Why it failed or was skipped; null where it passed.</param>
public sealed record WastResult(string Script, int Line, string Command, WastOutcome Outcome, string? Reason)
{
    /// <summary>One line for people: <c>block.wast:17: assert_return: expected (i32.const 1), got i32:2</c>.</summary>
    public override string ToString() => $"{Script}:{Line}: {Command}: {Reason ?? "passed"}";
}
