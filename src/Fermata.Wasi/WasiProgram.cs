namespace Fermata.Wasi;

/// <summary>A program that was compiled for WASI preview 1, ready to run any number of times, also at once.</summary>
public sealed class WasiProgram
{
    /// <summary>The function that is the program, and the key of its call.</summary>
    private const string Start = "_start";

    private readonly Linker _linker;

    /// <summary>Null if the program has no threads.</summary>
    private readonly SharedMemories? _sharedMemories;

    /// <summary>Makes a program of a module.</summary>
    /// <param name="module">The module, which exports <c>_start</c>.</param>
    /// <exception cref="ArgumentException">It has no function <c>_start</c> without parameters and results.</exception>
    public WasiProgram(Module module)
        : this(module, new Linker((module ?? throw new ArgumentNullException(nameof(module))).Engine).DefineImportsOf(module))
    {
    }

    /// <summary>Makes a program of a module that imports more than WASI.</summary>
    /// <param name="module">The module, which exports <c>_start</c>.</param>
    /// <param name="linker">Has all that it imports; <see cref="WasiLinker.DefineWasi(Linker, Module)"/> defines WASI there.</param>
    /// <exception cref="ArgumentException">It has no function <c>_start</c> without parameters and results.</exception>
    public WasiProgram(Module module, Linker linker)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(linker);
        if (!module.Exports.Any(export => export is { Name: Start, Type: FunctionType { Signature: { Parameters.Count: 0, Results.Count: 0 } } }))
        {
            throw new ArgumentException(
                "The module exports no function _start without parameters and results, so it is no WASI program. A library, which exports _initialize or nothing, is "
                + "instantiated with a linker that has DefineWasi.", nameof(module));
        }

        (Module, _linker, _sharedMemories) = (module, linker, SharedMemories.Of(module));
    }

    /// <summary>The module.</summary>
    public Module Module { get; }

    /// <summary>Loads a program from a file.</summary>
    /// <param name="engine">Compiles it.</param>
    /// <param name="path">The path of the module.</param>
    /// <param name="cancellationToken">Cancels loading.</param>
    /// <exception cref="ModuleException">The file is no valid module.</exception>
    /// <exception cref="ArgumentException">It is no WASI program.</exception>
    public static async Task<WasiProgram> LoadFileAsync(Engine engine, string path, CancellationToken cancellationToken = default) =>
        new(await Module.LoadFileAsync(engine, path, cancellationToken).ConfigureAwait(false));

    /// <summary>Runs the program from its beginning to its end, in a store of its own.</summary>
    /// <param name="builder">What it is given.</param>
    /// <param name="options">Options of the store, and of that of each thread: limits, fuel. <see cref="StoreOptions.CallsSuspendingImportsSynchronously"/> is set in any case.</param>
    /// <param name="cancellationToken">Ends it, whatever it does, within milliseconds.</param>
    /// <returns>Its exit code: 0 if <c>_start</c> returns.</returns>
    /// <exception cref="TrapException">It trapped, in any of its threads.</exception>
    /// <exception cref="LinkException">It imports what the linker does not have.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public async Task<int> RunAsync(WasiBuilder builder, StoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var store = new Store(Module.Engine, (options ?? StoreOptions.Default) with { CallsSuspendingImportsSynchronously = true });
        await using (store.ConfigureAwait(false))
            return await RunAsync(builder, store, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs the program from its beginning to its end in a store.</summary>
    /// <param name="builder">What it is given.</param>
    /// <param name="store">The store, which no other program uses. Stores of threads have its options, and are disposed when the program ends.</param>
    /// <param name="cancellationToken">Ends it, whatever it does, within milliseconds.</param>
    /// <returns>Its exit code: 0 if <c>_start</c> returns.</returns>
    /// <exception cref="TrapException">It trapped, in any of its threads.</exception>
    /// <exception cref="LinkException">It imports what the linker does not have.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public async Task<int> RunAsync(WasiBuilder builder, Store store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(store);
        var context = await builder.BuildAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            store.SetData(context);
            return await RunAsync(context, store, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await context.EndAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes a store of a snapshot of one in which the program ran (<see cref="Store.SnapshotAsync"/>); <see cref="RunAsync(RestoredStore)"/> has it go on.</summary>
    /// <param name="builder">
    /// What the program is given now: directories and sockets under the names that they had, from which is opened what it had open. Its arguments and environment are those of the snapshot.
    /// </param>
    /// <param name="snapshot">The snapshot, which is not trusted. It is read to its end and not beyond, and left open.</param>
    /// <param name="options">Options of the store, codecs and pages; its modules are those of the program. Null for the defaults.</param>
    /// <param name="cancellationToken">Ends the program, whatever it does, within milliseconds; also when it goes on.</param>
    /// <exception cref="SnapshotException">The snapshot is damaged, of another program or another version of Fermata; or the program had what it is not given now.</exception>
    /// <exception cref="IOException">The snapshot cannot be read, or a file cannot be opened that the program had open.</exception>
    public async Task<RestoredStore> RestoreAsync(WasiBuilder builder, Stream snapshot, RestoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(snapshot);
        options ??= new RestoreOptions { Modules = [] };
        var restored = Store.Restore(Module.Engine, snapshot, _linker, options with
        {
            Modules = [Module, .. options.Modules],
            Store = options.Store with { CallsSuspendingImportsSynchronously = true },
            CancellationToken = cancellationToken,
        });
        try
        {
            await builder.BuildAsync(restored, cancellationToken).ConfigureAwait(false);
            return restored;
        }
        catch
        {
            await restored.Store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Has a program of a snapshot go on, to its end.</summary>
    /// <param name="restored">What <see cref="RestoreAsync"/> has made. Its store is not disposed.</param>
    /// <returns>Its exit code: 0 if <c>_start</c> returns.</returns>
    /// <exception cref="ArgumentException">It is of another program.</exception>
    /// <exception cref="InvalidOperationException">It goes on already.</exception>
    /// <exception cref="TrapException">It trapped.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public async Task<int> RunAsync(RestoredStore restored)
    {
        ArgumentNullException.ThrowIfNull(restored);
        if (!restored.Instances.Any(instance => instance.Module == Module))
            throw new ArgumentException("The store is of another program.", nameof(restored));
        var call = restored.Call(Start);
        restored.Resume();
        try
        {
            await call.Task.ConfigureAwait(false);
            return 0;
        }
        catch (WasmExitException e)
        {
            return e.ExitCode;
        }
        finally
        {
            await restored.Store.GetData<WasiContext>().EndAsync(call.CancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<int> RunAsync(WasiContext context, Store store, CancellationToken cancellationToken)
    {
        if (_sharedMemories is not null)
        {
            var linker = await _sharedMemories.LinkAsync(_linker, store, cancellationToken).ConfigureAwait(false);
            return await new WasiThreads(Module, linker, context, store.Options).RunAsync(store, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            var instance = await _linker.InstantiateAsync(store, Module, cancellationToken).ConfigureAwait(false);
            await instance.GetFunction(Start).InvokeAsync(Start, [], cancellationToken).ConfigureAwait(false);
            return 0;
        }
        catch (WasmExitException e)
        {
            return e.ExitCode;
        }
    }
}
