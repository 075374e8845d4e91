namespace Fermata.Cli;

/// <summary>What <c>fermata python</c> is to run, and what it gives to it.</summary>
/// <param name="Program">The program.</param>
/// <param name="Grants">What it gives.</param>
internal sealed record PythonOptions(PythonProgram Program, ProgramGrants Grants)
{
    /// <summary>Whether there is a prompt, after the program if one is named.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>The folder of the npm package <c>pyodide</c>; null for one that is found or made.</summary>
    public string? PackageFolder { get; init; }

    /// <summary>Wheels, and folders of wheels, whose packages it has.</summary>
    public IReadOnlyList<string> Wheels { get; init; } = [];
}
