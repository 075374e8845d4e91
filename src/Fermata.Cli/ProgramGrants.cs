using Fermata.Platform;
using Fermata.Platform.Network;

namespace Fermata.Cli;

/// <summary>What a program is given by the command line, whatever it was compiled for: files, network, environment, and how much of all else.</summary>
internal sealed record ProgramGrants
{
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

    /// <summary>The options of the engine that runs it.</summary>
    public EngineOptions EngineOptions => OptionsOf(Fuel is not null, CacheFolder);

    /// <summary>The options of engines that run programs.</summary>
    /// <param name="usesFuel">Whether their code uses up fuel.</param>
    /// <param name="cacheFolder">The folder of their code cache; null for none.</param>
    public static EngineOptions OptionsOf(bool usesFuel, string? cacheFolder) => new()
    {
        UsesFuel = usesFuel,
        IsCollectible = false,
        MaxLoadTime = System.Threading.Timeout.InfiniteTimeSpan,
        CodeCache = cacheFolder is null ? null : new CodeCache(cacheFolder),
    };

    /// <summary>The options of the store that it runs in.</summary>
    public StoreOptions NewStoreOptions() => new()
    {
        CallsSuspendingImportsSynchronously = true,
        Limiter = MaxMemoryBytes is { } bytes ? new StoreLimits { MaxMemoryBytes = bytes } : null,
        FuelTank = Fuel is { } fuel ? new FuelTank(fuel) : null,
    };

    /// <summary>Gives it all that, and the standard streams.</summary>
    /// <exception cref="CommandException">A directory cannot be opened.</exception>
    public TBuilder ApplyTo<TBuilder>(TBuilder builder, Terminal terminal)
        where TBuilder : ProgramBuilder<TBuilder>
    {
        builder.WithInput(terminal.ProgramInput).WithOutput(terminal.ProgramOutput).WithError(terminal.ProgramError);
        foreach (var directory in Directories)
            builder.WithDirectory(directory.GuestPath, directory.Open());
        if (Network is { } network)
            builder.WithNetwork(network);
        foreach (var variable in Environment)
        {
            var parts = variable.Split('=', 2);
            if ((parts.Length == 2 ? parts[1] : System.Environment.GetEnvironmentVariable(variable)) is { } value)
                builder.WithEnvironment(parts[0], value);
        }

        return builder;
    }
}
