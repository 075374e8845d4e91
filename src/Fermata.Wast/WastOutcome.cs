namespace Fermata.Wast;

/// <summary>How a command of a script went.</summary>
public enum WastOutcome
{
    /// <summary>An assertion holds.</summary>
    Passed,

    /// <summary>An assertion does not hold, or another command failed.</summary>
    Failed,

    /// <summary>An assertion was not tried.</summary>
    Skipped,
}
