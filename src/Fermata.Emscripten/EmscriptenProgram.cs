using Fermata.Emscripten.CppExceptions;
using Fermata.Emscripten.DynamicLinking;
using Fermata.Emscripten.ForeignFunctions;
using Fermata.Emscripten.Glue;

namespace Fermata.Emscripten;

/// <summary>A program that Emscripten compiled, ready to run any number of times, also at once.</summary>
public sealed class EmscriptenProgram
{
    private EmscriptenProgram(Module module, EmscriptenNames names, bool loadsLibraries) => (Module, Names, LoadsLibraries) = (module, names, loadsLibraries);

    /// <summary>
    /// The module, which differs from what was loaded if that imports what Emscripten does between frames of WebAssembly (<c>invoke_iii</c>, <c>__cxa_throw</c>, …): that is
    /// WebAssembly here, and in the module.
    /// </summary>
    public Module Module { get; }

    /// <summary>What Emscripten calls the imports and exports of the module.</summary>
    public EmscriptenNames Names { get; }

    /// <summary>Whether it is a main module, made to load libraries.</summary>
    internal bool LoadsLibraries { get; }

    /// <summary>The libraries that instances of the program have loaded, compiled.</summary>
    internal CompiledLibraries Libraries { get; } = new();

    /// <summary>Loads a program.</summary>
    /// <param name="engine">Compiles it.</param>
    /// <param name="bytes">The module, in the binary format.</param>
    /// <param name="options">What is to be known about it; null for nothing.</param>
    /// <param name="cancellationToken">Cancels loading.</param>
    /// <exception cref="ModuleException">The bytes are no valid module.</exception>
    /// <exception cref="NotSupportedException">The program does not export what it must, or is relocatable, as the message says.</exception>
    /// <exception cref="MergeException">It and <see cref="EmscriptenOptions.Supplement"/> do not fit together.</exception>
    public static EmscriptenProgram Load(Engine engine, ReadOnlyMemory<byte> bytes, EmscriptenOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        options ??= EmscriptenOptions.Default;
        var program = ModuleInfo.Read(bytes, validatesFunctions: false);
        MainModule.RequireLaidOut(program.Imports, options.Names);
        var loadsLibraries = MainModule.LoadsLibraries(program.Imports, options.Names);
        var module = ProgramGlue.Load(engine, program, options, loadsLibraries ? GlueRole.Main : GlueRole.Program, cancellationToken);
        return new EmscriptenProgram(module, options.Names, loadsLibraries);
    }

    /// <summary>Loads a program from a file, on a thread of the pool.</summary>
    /// <param name="engine">Compiles it.</param>
    /// <param name="path">The path of the module.</param>
    /// <param name="options">What is to be known about it; null for nothing.</param>
    /// <param name="cancellationToken">Cancels loading.</param>
    /// <exception cref="ModuleException">The file is no valid module.</exception>
    /// <exception cref="NotSupportedException">The program does not export what it must, or is relocatable, as the message says.</exception>
    /// <exception cref="MergeException">It and <see cref="EmscriptenOptions.Supplement"/> do not fit together.</exception>
    public static async Task<EmscriptenProgram> LoadFileAsync(Engine engine, string path, EmscriptenOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var bytes = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => Load(engine, bytes, options, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs the program from its beginning to its end, in a store of its own: constructors, <c>main</c>, and what is registered for the end.</summary>
    /// <param name="host">What it is given.</param>
    /// <param name="options">Options of the store: limits, fuel. <see cref="StoreOptions.CallsSuspendingImportsSynchronously"/> is set in any case.</param>
    /// <param name="cancellationToken">Ends it, whatever it does, within milliseconds.</param>
    /// <returns>Its exit code: what <c>main</c> returns, or was given to <c>exit</c>; 134 after <c>abort</c>.</returns>
    /// <exception cref="InvalidOperationException">It has no <c>main</c>.</exception>
    /// <exception cref="TrapException">It trapped.</exception>
    /// <exception cref="LinkException">It imports what nobody defines.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public async Task<int> RunAsync(EmscriptenHost host, StoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        EmscriptenInstance instance;
        try
        {
            instance = await StartAsync(host, options, cancellationToken).ConfigureAwait(false);
        }
        catch (WasmExitException e)
        {
            // A constructor called exit.
            return e.ExitCode;
        }

        await using (instance.ConfigureAwait(false))
        {
            var code = await instance.RunMainAsync(host.Settings.Arguments, cancellationToken).ConfigureAwait(false);
            return await instance.WaitForEndAsync(cancellationToken).ConfigureAwait(false) ?? code;
        }
    }

    /// <summary>Starts the program in a store of its own, and runs its constructors, but not <c>main</c>: a library, or a program whose functions are called one by one.</summary>
    /// <param name="host">What it is given.</param>
    /// <param name="options">Options of the store: limits, fuel. <see cref="StoreOptions.CallsSuspendingImportsSynchronously"/> is set in any case.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The running program, which whoever asked for it disposes.</returns>
    /// <exception cref="TrapException">A constructor trapped.</exception>
    /// <exception cref="LinkException">It imports what nobody defines.</exception>
    /// <exception cref="WasmExitException">A constructor ended it.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public Task<EmscriptenInstance> StartAsync(EmscriptenHost host, StoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        return StartAsync(host, options, null, null, cancellationToken);
    }

    /// <summary>Starts the program in a store of its own where another one was: nothing of its own code runs.</summary>
    /// <param name="host">What it is given: the same functions as the other was, and in the same order. All else may differ.</param>
    /// <param name="image">What the other one had (<see cref="EmscriptenInstance.Capture"/>).</param>
    /// <param name="options">Options of the store, as for other starts.</param>
    /// <param name="load">What is to be in place of an object of the host, by what the image has of it (<see cref="Linker.Instantiate(Store, InstanceImage, Func{object, object?}?)"/>); null if there is none.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The running program, which whoever asked for it disposes.</returns>
    /// <exception cref="ArgumentException">The image is of another program.</exception>
    /// <exception cref="LinkException">It imports what nobody defines.</exception>
    /// <exception cref="ResourceLimitException">The store's limiter refuses the memory of the image.</exception>
    public Task<EmscriptenInstance> StartAsync(
        EmscriptenHost host, EmscriptenImage image, StoreOptions? options = null, Func<object, object?>? load = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(image);
        return image.Instance.Module == Module
            ? StartAsync(host, options, image, load, cancellationToken)
            : throw new ArgumentException("The image is of another program.", nameof(image));
    }

    private async Task<EmscriptenInstance> StartAsync(
        EmscriptenHost host, StoreOptions? options, EmscriptenImage? image, Func<object, object?>? load, CancellationToken cancellationToken)
    {
        var context = await EmscriptenContext.OpenAsync(host, cancellationToken).ConfigureAwait(false);
        options ??= StoreOptions.Default;
        var handlers = HandlerStates.IsNeeded(Module.Exports, Names) ? new HandlerStates(options.CallState) : null;
        var store = new Store(Module.Engine, options with
        {
            CallsSuspendingImportsSynchronously = true,
            CallState = handlers ?? options.CallState,
            DescribeException = options.DescribeException ?? UncaughtException.Describe,
        });
        try
        {
            store.SetData(context.Wasi);
            store.SetData(context);
            context.Libraries = new DynamicLinker(store, host, context, Libraries);
            context.ForeignTypes = new ForeignTypes(store, context.Libraries, Libraries);
            var linker = new ProgramLinker(this, host, store, context.Libraries);
            var main = image is null ? await linker.InstantiateAsync(cancellationToken).ConfigureAwait(false) : linker.Instantiate(image.Instance, load);
            var instance = new EmscriptenInstance(main, linker.Find<Memory>(), linker.Find<Table>(), Names, context);
            handlers?.Attach(main, context);
            var module = new MainModule(main, linker.Made, instance.Functions);
            if (image is null)
            {
                context.Libraries.Attach(module);
                await instance.InitializeAsync(cancellationToken).ConfigureAwait(false);
            }
            else
            {
                context.Libraries.Attach(module, image.Links);
                image.Restore(context);
            }

            return instance;
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            await context.EndAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
    }
}
