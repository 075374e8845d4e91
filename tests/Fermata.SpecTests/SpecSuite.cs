using System.Globalization;

namespace Fermata.SpecTests;

/// <summary>
/// Where the specification's test scripts are: in the folder that FERMATA_SPEC names, or in ../shared/spec beside the repository.
/// Without them the tests are skipped, and in continuous integration (CI=true) they fail.
/// </summary>
internal static class SpecSuite
{
    /// <summary>The parts whose scripts the engine runs.</summary>
    public static readonly string[] Parts = ["core", "legacy-exceptions"];

    public static string? Root { get; } = FindRoot();

    /// <summary>Why tests of the suite are skipped; null where they run.</summary>
    public static string? SkipReason => Root is null && Environment.GetEnvironmentVariable("CI") != "true"
        ? "The specification's test suite is not there: set FERMATA_SPEC to its folder, or put it at ../shared/spec."
        : null;

    /// <summary>The file of a script.</summary>
    public static string File(string script) =>
        Path.Combine(Root ?? throw new DirectoryNotFoundException("The specification's test suite is missing (FERMATA_SPEC, ../shared/spec)."), script);

    /// <summary>The scripts of a part of the suite, as paths from the root, and how many assertions each makes.</summary>
    public static IEnumerable<(string Path, int Assertions)> Scripts(string part) =>
        Root is null
            ? []
            : System.IO.File.ReadLines(Path.Combine(Root, "MANIFEST.tsv"))
                .Select(line => line.Split('\t'))
                .Where(columns => columns[0].StartsWith(part + "/", StringComparison.Ordinal))
                .Select(columns => (columns[0], int.Parse(columns[1], CultureInfo.InvariantCulture)));

    private static string? FindRoot()
    {
        var root = Environment.GetEnvironmentVariable("FERMATA_SPEC");
        for (var folder = AppContext.BaseDirectory; root is null && folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (System.IO.File.Exists(Path.Combine(folder, "Fermata.slnx")))
                root = Path.Combine(folder, "..", "shared", "spec");
        }

        return Directory.Exists(root) ? root : null;
    }
}
