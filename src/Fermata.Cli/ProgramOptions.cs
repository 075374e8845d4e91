namespace Fermata.Cli;

/// <summary>What <c>fermata run</c> is to run, and what it gives to it.</summary>
/// <param name="File">The path of the module.</param>
/// <param name="Arguments">What stands behind it: for the program, or for the function that is to be called.</param>
/// <param name="Grants">What it gives.</param>
internal sealed record ProgramOptions(string File, string[] Arguments, ProgramGrants Grants)
{
    /// <summary>The exported function to call; null for <c>_start</c>.</summary>
    public string? Export { get; init; }

    /// <summary>Where it is saved when it is interrupted; null if it is not.</summary>
    public SavePlan? Saving { get; init; }

    /// <summary>The path of the snapshot with which it begins; null for its beginning.</summary>
    public string? Snapshot { get; init; }
}
