using Fermata.Platform.Network;

namespace Fermata.Cli;

/// <summary>What <c>fermata run</c> is to run, and what it gives to it.</summary>
/// <param name="File">The path of the module.</param>
/// <param name="Arguments">What stands behind it: for the program, or for the function that is to be called.</param>
internal sealed record ProgramOptions(string File, string[] Arguments)
{
    /// <summary>The exported function to call; null for <c>_start</c>.</summary>
    public string? Export { get; init; }

    /// <summary>Directories that it may use.</summary>
    public IReadOnlyList<DirectoryGrant> Directories { get; init; } = [];

    /// <summary>What it may do with networks; null is nothing.</summary>
    public NetworkPolicy? Network { get; init; }

    /// <summary>Environment variables: <c>NAME=VALUE</c>, or <c>NAME</c> for that of this process.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>After which time it ends, loading included.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How many instructions it may execute.</summary>
    public long? Fuel { get; init; }

    /// <summary>The folder of the code cache; null for no cache.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>How many bytes its memories may have.</summary>
    public long? MaxMemoryBytes { get; init; }
}
