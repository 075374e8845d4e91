using System.Globalization;

namespace Fermata.SpecTests;

/// <summary>
/// Where the specification's test scripts are: in the folder that FERMATA_SPEC names, or in ../shared/spec beside the repository.
/// Without them there is nothing to test, and the tests pass.
/// </summary>
internal static class SpecSuite
{
    public static string? Root { get; } = FindRoot();

    /// <summary>The scripts of a part of the suite, as paths from the root, and how many assertions each makes.</summary>
    public static IEnumerable<(string Path, int Assertions)> Scripts(string part) =>
        Root is null
            ? []
            : File.ReadLines(Path.Combine(Root, "MANIFEST.tsv"))
                .Select(line => line.Split('\t'))
                .Where(columns => columns[0].StartsWith(part + "/", StringComparison.Ordinal))
                .Select(columns => (columns[0], int.Parse(columns[1], CultureInfo.InvariantCulture)));

    private static string? FindRoot()
    {
        var root = Environment.GetEnvironmentVariable("FERMATA_SPEC");
        for (var folder = AppContext.BaseDirectory; root is null && folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Fermata.slnx")))
                root = Path.Combine(folder, "..", "shared", "spec");
        }

        return Directory.Exists(root) ? root : null;
    }
}
