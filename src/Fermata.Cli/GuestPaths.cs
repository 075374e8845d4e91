using Fermata.Python;
using Fermata.Structure;

namespace Fermata.Cli;

/// <summary>Paths as Python sees them.</summary>
internal static class GuestPaths
{
    /// <summary>Where directories cannot be, as Python's own files are there.</summary>
    private static readonly string[] Taken = ["/", "/lib"];

    /// <summary>The directories under the absolute paths at which Python finds them: others are seen from its working directory.</summary>
    /// <param name="directories">The directories.</param>
    /// <param name="alsoTaken">Where else none can be.</param>
    /// <exception cref="CommandException">One would hide Python's own files, or another one.</exception>
    public static DirectoryGrant[] Resolve(IEnumerable<DirectoryGrant> directories, params IEnumerable<string> alsoTaken)
    {
        var taken = alsoTaken.Concat(Taken).ToHashSet();
        var resolved = directories.Select(directory => directory with { GuestPath = Absolute(directory.GuestPath) }).ToArray();
        if (Array.Find(resolved, directory => taken.Contains(directory.GuestPath)) is { GuestPath: var own })
            throw CommandException.Usage($"--dir: Python's own files are at {own}; give the directory another path, as in --dir HOST::/data.");
        if (resolved.CountBy(directory => directory.GuestPath).FirstOrDefault(path => path.Value > 1) is { Key: { } twice })
            throw CommandException.Usage($"--dir: there are two directories for the path {HostileText.Printable(twice)}.");
        return resolved;
    }

    /// <summary>The path at which Python finds a file of the host; null if it was not given it.</summary>
    /// <param name="directories">What it was given, under absolute paths.</param>
    /// <param name="file">The path on the host.</param>
    public static string? Find(IEnumerable<DirectoryGrant> directories, string file)
    {
        foreach (var directory in directories)
        {
            var path = Path.GetRelativePath(directory.HostPath, file).Replace(Path.DirectorySeparatorChar, '/');
            if (!Path.IsPathRooted(path) && path is not ".." && !path.StartsWith("../", StringComparison.Ordinal))
                return $"{directory.GuestPath}/{path}";
        }

        return null;
    }

    private static string Absolute(string path)
    {
        var names = new List<string>();
        foreach (var name in (path.StartsWith('/') ? path : $"{PythonRuntime.WorkingDirectory}/{path}").Split('/'))
        {
            if (name is "..")
                names.RemoveRange(Math.Max(names.Count - 1, 0), Math.Min(names.Count, 1));
            else if (name is not ("" or "."))
                names.Add(name);
        }

        return $"/{string.Join('/', names)}";
    }
}
