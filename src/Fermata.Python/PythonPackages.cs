using Fermata.Platform.FileSystems;
using Fermata.Python.Packages;

namespace Fermata.Python;

/// <summary>
/// Packages from wheels, unpacked once for any number of interpreters (<see cref="PythonHost.WithPackages"/>). Code imports them, and <c>importlib.metadata</c> knows them. What they
/// depend on is not looked for: it has to be among the wheels.
/// </summary>
/// <remarks>
/// Wheels may be of Python alone, or have extension modules that were compiled for <see cref="PythonDistribution.Version"/> (such as <c>cp314-cp314-pyemscripten_2026_0_wasm32</c>).
/// One that is damaged is refused: each file is compared with its hash in the wheel's <c>RECORD</c>.
/// </remarks>
public sealed class PythonPackages
{
    /// <summary>Where Python finds packages, among its files.</summary>
    public const string Folder = "/lib/python3.14/site-packages";

    private PythonPackages(FileSystem files, IReadOnlyList<string> names) => (Files, Names) = (files, names);

    /// <summary>The packages with their versions, such as <c>attrs 25.3.0</c>, in alphabetical order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Their files, which interpreters have in common and cannot write.</summary>
    internal FileSystem Files { get; }

    /// <summary>Unpacks wheels into memory.</summary>
    /// <param name="paths">Files, and folders, of which all files that end with <c>.whl</c> are taken.</param>
    /// <param name="options">What all wheels together may cost; <see cref="ArchiveOptions.Default"/> if there are none.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="FileNotFoundException">There is no such file, or no wheel in a folder.</exception>
    /// <exception cref="InvalidDataException">A wheel is none, is damaged, has entries that no archive may have, or is larger than the options allow; or two have different files under one name.</exception>
    /// <exception cref="NotSupportedException">A wheel is for another version or platform.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<PythonPackages> LoadAsync(IEnumerable<string> paths, ArchiveOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var site = new SitePackages(options ?? ArchiveOptions.Default);
        foreach (var path in paths.SelectMany(WheelsAt))
            await site.AddAsync(path, cancellationToken).ConfigureAwait(false);
        return new PythonPackages(site.Files, site.Names);
    }

    private static IEnumerable<string> WheelsAt(string path)
    {
        if (!Directory.Exists(path))
            return File.Exists(path) ? [path] : throw new FileNotFoundException($"There is no wheel, and no folder of wheels, at {path}.", path);
        var wheels = Directory.GetFiles(path, $"*{WheelName.Ending}");
        Array.Sort(wheels, StringComparer.Ordinal);
        return wheels.Length > 0 ? wheels : throw new FileNotFoundException($"There is no wheel (*{WheelName.Ending}) in {path}.", path);
    }
}
