using Fermata.Platform;

namespace Fermata.Wasi;

/// <inheritdoc/>
public sealed class WasiBuilder : ProgramBuilder<WasiBuilder>
{
    private int _mostThreads = 256;

    /// <summary>Sets how many threads the program may have at once beside the one that it begins with: 256 if nothing is said.</summary>
    /// <remarks>Each has a store of its own, with the options of the program's store, limits too. The shared memory counts for the program's store, and a <see cref="FuelTank"/> is shared.</remarks>
    /// <param name="most">The number; 0 for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public WasiBuilder WithMaxThreads(int most)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        _mostThreads = most;
        return this;
    }

    /// <summary>Opens the directories for a program.</summary>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="IOException">A directory cannot be opened.</exception>
    public ValueTask<WasiContext> BuildAsync(CancellationToken cancellationToken = default) =>
        WasiContext.OpenAsync(Settings, Settings.Directories, _mostThreads, Errno.ENOTCAPABLE, cancellationToken);
}
