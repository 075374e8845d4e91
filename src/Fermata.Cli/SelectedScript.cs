using Fermata.Structure;
using Fermata.Wast;

namespace Fermata.Cli;

/// <summary>A script to run.</summary>
/// <param name="File">Its file.</param>
/// <param name="Suite">What the suite says of it; null for a script that is not of the suite.</param>
internal sealed record SelectedScript(string File, SpecScript? Suite)
{
    /// <summary>The path as messages show it: from the current folder, where the file is not far from it.</summary>
    public string Name { get; } = HostileText.Printable(Shown(File));

    /// <summary>All scripts of the suite.</summary>
    public static IEnumerable<SelectedScript> Of(SpecSuite suite) =>
        suite.Scripts.Select(script => new SelectedScript(script.File, script));

    /// <summary>A script, or all scripts in a folder.</summary>
    /// <exception cref="CommandException">There is nothing at the path.</exception>
    public static IEnumerable<SelectedScript> At(string path)
    {
        var suite = SpecSuite.Around(path);
        if (System.IO.File.Exists(path))
            return [new SelectedScript(path, suite?.Script(path))];
        if (!Directory.Exists(path))
            throw new CommandException($"{HostileText.Printable(path)}: there is no such file or folder.");
        var files = Directory.EnumerateFiles(path, "*.wast", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0)
            throw new CommandException($"{HostileText.Printable(path)}: there are no scripts (*.wast) in this folder.");
        return files.Select(file => new SelectedScript(file, suite?.Script(file)));
    }

    private static string Shown(string file)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, file);
        return relative.Length < file.Length ? relative : file;
    }
}
