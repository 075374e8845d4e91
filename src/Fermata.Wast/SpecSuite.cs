using System.Globalization;

namespace Fermata.Wast;

/// <summary>The specification's test suite: a folder of scripts, and MANIFEST.tsv, which says how many assertions each makes.</summary>
public sealed class SpecSuite
{
    /// <summary>The environment variable that names the suite's folder.</summary>
    public const string Variable = "FERMATA_SPEC";

    private const string Manifest = "MANIFEST.tsv";

    private SpecSuite(string root, IReadOnlyList<SpecScript> scripts)
    {
        Root = root;
        Scripts = scripts;
    }

    /// <summary>The folder, as an absolute path.</summary>
    public string Root { get; }

    /// <summary>All scripts of the suite, in the order of the manifest.</summary>
    public IReadOnlyList<SpecScript> Scripts { get; }

    /// <summary>
    /// The suite in the folder that <see cref="Variable"/> names or, where it is not set, in <c>../shared/spec</c> beside the repository
    /// that the current folder or this assembly is in; null if there is none.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">The variable names a folder without a manifest.</exception>
    /// <exception cref="InvalidDataException">The manifest is not one.</exception>
    public static SpecSuite? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return TryOpen(named)
                ?? throw new DirectoryNotFoundException($"{Variable} is {named}, where there is no {Manifest}. Set it to the folder of the suite.");
        }

        return new[] { Environment.CurrentDirectory, AppContext.BaseDirectory }
            .SelectMany(FoldersAbove)
            .Where(folder => File.Exists(Path.Combine(folder, "Fermata.slnx")))
            .Select(folder => TryOpen(Path.Combine(folder, "..", "shared", "spec")))
            .FirstOrDefault(suite => suite is not null);
    }

    /// <summary>The suite that a file or folder is part of; null if it is part of none.</summary>
    /// <param name="path">The file or folder.</param>
    /// <exception cref="InvalidDataException">The manifest is not one.</exception>
    public static SpecSuite? Around(string path) =>
        FoldersAbove(Path.GetFullPath(path)).Select(TryOpen).FirstOrDefault(suite => suite is not null);

    /// <summary>The script in a file; null if the manifest does not have it.</summary>
    /// <param name="file">The file.</param>
    public SpecScript? Script(string file)
    {
        var full = Path.GetFullPath(file);
        return Scripts.FirstOrDefault(script => script.File == full);
    }

    private static SpecSuite? TryOpen(string folder)
    {
        var manifest = Path.Combine(folder, Manifest);
        if (!File.Exists(manifest))
            return null;
        var root = Path.GetFullPath(folder);
        return new SpecSuite(root, [.. File.ReadLines(manifest).Select((line, index) => ReadLine(root, manifest, line, index + 1))]);
    }

    private static SpecScript ReadLine(string root, string manifest, string line, int number) =>
        line.Split('\t') is [var path, var count, ..] && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var assertions)
            ? new SpecScript(path, Path.GetFullPath(Path.Combine(root, path)), assertions)
            : throw new InvalidDataException($"{manifest}:{number}: expected a path, a tab and a number of assertions.");

    private static IEnumerable<string> FoldersAbove(string path)
    {
        for (string? folder = path; folder is not null; folder = Path.GetDirectoryName(folder))
            yield return folder;
    }
}
