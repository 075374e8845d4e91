using Fermata.Hosting;

namespace Fermata;

public sealed partial class Store
{
    /// <summary>Makes a store of a snapshot, with the calls that waited: they go on when they are told to (<see cref="RestoredStore.Resume"/>).</summary>
    /// <remarks>
    /// A snapshot is not trusted: one that somebody has changed is refused, or gives a store that can do no more than its modules can. It is for the modules, the version of Fermata and the engine
    /// options with which it was made, as far as frames depend on them; the machine may be another.
    /// </remarks>
    /// <param name="engine">The engine of the modules.</param>
    /// <param name="stream">The snapshot. It is read to its end and not beyond, and left open.</param>
    /// <param name="linker">The host functions that the modules import. Memories, tables, globals and tags, also those that the host had made, come from the snapshot.</param>
    /// <param name="options">The modules, and how the store is made.</param>
    /// <exception cref="SnapshotException">The snapshot is damaged; or it is of other modules, another version of Fermata, or other options.</exception>
    /// <exception cref="LinkException">A function is not defined, or has another type than the module asks for.</exception>
    /// <exception cref="InsufficientMemoryException">There is no room for its memories or tables.</exception>
    /// <exception cref="ResourceLimitException">The limiter of the options refuses something.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static RestoredStore Restore(Engine engine, Stream stream, Linker linker, RestoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(linker);
        ArgumentNullException.ThrowIfNull(options);
        if (linker.Engine != engine)
            throw new ArgumentException("The linker belongs to another engine.", nameof(linker));
        if (options.Modules.Any(module => module.Engine != engine))
            throw new ArgumentException("A module belongs to another engine.", nameof(options));
        var store = new Store(engine, options.Store);
        try
        {
            store.Scheduler.EnterTurn();
            try
            {
                return SnapshotReader.Read(store, stream, linker, options);
            }
            finally
            {
                store.Scheduler.LeaveTurn();
            }
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }
}
