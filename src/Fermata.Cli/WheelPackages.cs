using Fermata.Python;
using Fermata.Structure;

namespace Fermata.Cli;

/// <summary>Packages from wheels that Python is given (<c>--wheels</c>).</summary>
internal static class WheelPackages
{
    /// <summary>The paths at which Python finds them, where no directory can be.</summary>
    public static IEnumerable<string> PathsFor(IReadOnlyList<string> wheels) => wheels.Count == 0 ? [] : [PythonPackages.Folder];

    /// <summary>Gives them.</summary>
    /// <param name="host">What Python is given.</param>
    /// <param name="wheels">Wheels, and folders of wheels.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Their names and versions.</returns>
    /// <exception cref="CommandException">A wheel cannot be used.</exception>
    public static async Task<IReadOnlyList<string>> AddAsync(PythonHost host, IReadOnlyList<string> wheels, CancellationToken cancellationToken)
    {
        if (wheels.Count == 0)
            return [];
        try
        {
            var packages = await PythonPackages.LoadAsync(wheels, cancellationToken: cancellationToken).ConfigureAwait(false);
            host.WithPackages(packages);
            return packages.Names;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException)
        {
            throw new CommandException($"--wheels: {HostileText.Printable(e.Message)}");
        }
    }
}
