using Fermata.Wast;

namespace Fermata.SpecTests;

/// <summary>
/// The specification's test suite. Without it the tests are skipped, and in continuous integration (CI=true) they fail.
/// </summary>
internal static class Suite
{
    private static readonly SpecSuite? Found = SpecSuite.Find();

    /// <summary>Why tests of the suite are skipped; null where they run.</summary>
    public static string? SkipReason => Found is null && Environment.GetEnvironmentVariable("CI") != "true"
        ? $"The specification's test suite is not there: set {SpecSuite.Variable} to its folder, or put it at ../shared/spec."
        : null;

    /// <summary>All scripts; none where the suite is missing.</summary>
    public static IReadOnlyList<SpecScript> Scripts => Found?.Scripts ?? [];

    /// <summary>Reads a script.</summary>
    /// <param name="path">Its path from the root of the suite.</param>
    public static WastScript Load(string path) =>
        Found is null
            ? throw new DirectoryNotFoundException($"The specification's test suite is missing ({SpecSuite.Variable}, ../shared/spec).")
            : WastScript.Load(Path.Combine(Found.Root, path));
}
