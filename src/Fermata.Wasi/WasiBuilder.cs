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
        WasiContext.OpenAsync(Settings, Settings.Directories, _mostThreads, Errno.ENOTCAPABLE, state: null, cancellationToken);

    /// <summary>Opens for a program of a snapshot what it had open: files by their paths, in the directories that this gives under the same names.</summary>
    /// <remarks>Arguments and environment are those of the snapshot.</remarks>
    /// <param name="restored">What was restored. Its store is given the result (<see cref="Store.SetData"/>).</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="SnapshotException">The snapshot is not of a store with a <see cref="WasiContext"/>, is damaged, or a directory or socket that the program had is not given.</exception>
    /// <exception cref="IOException">A directory or file cannot be opened.</exception>
    public async ValueTask<WasiContext> BuildAsync(RestoredStore restored, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(restored);
        var context = await WasiContext.OpenAsync(
            Settings, Settings.Directories, _mostThreads, Errno.ENOTCAPABLE, WasiState.Of(restored), cancellationToken).ConfigureAwait(false);
        restored.Store.SetData(context);
        return context;
    }
}
