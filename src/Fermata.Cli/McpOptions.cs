using Fermata.Platform.Network;
using Fermata.Python;

namespace Fermata.Cli;

/// <summary>What <c>fermata mcp</c> is to serve.</summary>
/// <param name="PackageFolder">The folder of the npm package that Python comes from; null or empty for that of the cache.</param>
internal sealed record McpOptions(string? PackageFolder)
{
    /// <summary>Directories that code may use.</summary>
    public IReadOnlyList<DirectoryGrant> Directories { get; init; } = [];

    /// <summary>What <c>fetch</c> may reach; null if there is no such function.</summary>
    public NetworkPolicy? Network { get; init; }

    /// <summary>Wheels, and folders of wheels, whose packages it has.</summary>
    public IReadOnlyList<string> Wheels { get; init; } = [];

    /// <summary>The folder of the caches; null for none.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>Limits of code, and whether its state is kept.</summary>
    public PythonSandboxOptions Sandbox { get; init; } = PythonSandboxOptions.Default;
}
