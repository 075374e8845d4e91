using System.Text;
using Fermata.Emscripten.DynamicLinking;

namespace Fermata.Emscripten;

/// <summary>A running program. <see cref="EmscriptenProgram.StartAsync(EmscriptenHost, StoreOptions?, CancellationToken)"/> makes it.</summary>
public sealed class EmscriptenInstance : IAsyncDisposable
{
    /// <summary>What sets up memory and C stack, which all calls have in common: promising calls would keep what they set to themselves.</summary>
    private static readonly string[] Preparations = ["emscripten_stack_init", "__wasm_apply_data_relocs"];

    /// <summary>What runs the constructors of a program, or of a library that was compiled to be alone.</summary>
    private static readonly string[] Constructors = ["__wasm_call_ctors", "_initialize"];

    private readonly EmscriptenContext _context;
    private readonly ProgramExports _exports;

    internal EmscriptenInstance(Instance instance, Memory? importedMemory, Table? importedTable, EmscriptenNames names, EmscriptenContext context)
    {
        (Instance, _context) = (instance, context);
        _context.Exports = _exports = new ProgramExports(instance, names);
        Memory = _context.Memory = importedMemory ?? _exports.Find<Memory>("memory")
            ?? throw new NotSupportedException("The program has no memory under the name that Emscripten gives it, memory, so that nothing can be passed to it.");
        Functions = _context.Functions = (importedTable ?? _exports.Find<Table>("__indirect_function_table")) is { } table ? new FunctionTable(table) : null;
    }

    /// <summary>The instance, whose exports have the names that they have in the module.</summary>
    public Instance Instance { get; }

    /// <summary>The store, which belongs to the program.</summary>
    public Store Store => Instance.Store;

    /// <summary>The memory.</summary>
    public Memory Memory { get; }

    /// <summary>The functions to which the program can have pointers; null if it keeps them for itself.</summary>
    internal FunctionTable? Functions { get; }

    /// <summary>An exported function, by Emscripten's name also if the program is minified.</summary>
    /// <param name="name">The name, such as <c>malloc</c>.</param>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Function GetFunction(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _exports.Find(name) ?? throw new KeyNotFoundException($"The program exports no function {name}.");
    }

    /// <summary>
    /// An exported function as a delegate; one that returns a task makes promising calls, which suspend where the program waits. A <c>long</c> of the delegate may be two numbers
    /// of 32 bits in the program, as it is if that was built for a JavaScript without 64-bit integers.
    /// </summary>
    /// <typeparam name="TDelegate">The type of the delegate.</typeparam>
    /// <param name="name">The name, such as <c>malloc</c>.</param>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    /// <exception cref="InvalidOperationException">The type does not fit that of the function; or a result is in two halves, and the program does not export what returns the upper one.</exception>
    public TDelegate GetFunction<TDelegate>(string name)
        where TDelegate : Delegate => FittingExport.Of(GetFunction(name), typeof(TDelegate), _exports).As<TDelegate>();

    /// <summary>
    /// Gives the program a function that it calls through a pointer, as Emscripten's <c>addFunction</c> does. It is there until it is removed; the next one may get the
    /// pointer of one that was removed. Add and remove functions while no code of the program runs, or in functions that it calls.
    /// </summary>
    /// <param name="function">
    /// A delegate, as <see cref="Linker.Define(string, string, Delegate)"/> takes it, of the type that the program calls: one that returns a task suspends the program. Its
    /// <see cref="Caller"/> has no instance.
    /// </param>
    /// <returns>The pointer.</returns>
    /// <exception cref="ArgumentException">The delegate has parameters or results that WebAssembly cannot pass.</exception>
    /// <exception cref="InvalidOperationException">The program has no table of functions, or one that cannot grow.</exception>
    public int AddFunction(Delegate function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return RequireFunctions().AddForHost(Function.Create(Store, function));
    }

    /// <summary>Gives the program a function in two steps that it calls through a pointer: one that may wait, and one that writes results to memory (<see cref="AddFunction(Delegate)"/>).</summary>
    /// <param name="begin">A delegate that returns a task.</param>
    /// <param name="complete">A delegate that takes what the task gave, and the same parameters once more.</param>
    /// <returns>The pointer.</returns>
    /// <exception cref="ArgumentException">The delegates do not fit together, or have parameters or results that WebAssembly cannot pass.</exception>
    /// <exception cref="InvalidOperationException">The program has no table of functions, or one that cannot grow.</exception>
    public int AddFunction(Delegate begin, Delegate complete)
    {
        ArgumentNullException.ThrowIfNull(begin);
        ArgumentNullException.ThrowIfNull(complete);
        return RequireFunctions().AddForHost(Function.Create(Store, begin, complete));
    }

    /// <summary>Takes away a function that was added. What calls its pointer traps from then on.</summary>
    /// <param name="pointer">The pointer.</param>
    /// <exception cref="ArgumentException">No function was added with this pointer, or it was removed.</exception>
    /// <exception cref="InvalidOperationException">The program has no table of functions.</exception>
    public void RemoveFunction(int pointer)
    {
        if (!RequireFunctions().Remove(pointer))
            throw new ArgumentException($"{pointer} is no pointer of a function that was added with AddFunction and not removed.", nameof(pointer));
    }

    /// <summary>
    /// Runs <c>main</c>, and what is registered for the end of the program, unless it is kept alive (<c>emscripten_runtime_keepalive_push</c>): then its functions can be called
    /// further on.
    /// </summary>
    /// <param name="arguments">Its arguments, behind the name of the program.</param>
    /// <param name="cancellationToken">Ends it, whatever it does, within milliseconds.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="InvalidOperationException">It has no <c>main</c>.</exception>
    /// <exception cref="TrapException">It trapped.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public async Task<int> RunMainAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var code = await UntilExitAsync(() => MainAsync(arguments, cancellationToken)).ConfigureAwait(false);
        if (!_context.IsExiting)
            return code.ExitCode;
        _context.IsExiting = false;
        var atExit = await UntilExitAsync(() => EndAsync(cancellationToken)).ConfigureAwait(false);
        return atExit.IsExit ? atExit.ExitCode : code.ExitCode;
    }

    /// <summary>Loads a library (side module) and those that it needs, and runs their constructors; one that is loaded is not loaded once more.</summary>
    /// <param name="path">Its path in the program's files; or a name, which is looked for as <c>dlopen</c> does.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The library, whose symbols modules see that are loaded later.</returns>
    /// <exception cref="DynamicLinkException">It cannot be loaded, as the message says.</exception>
    /// <exception cref="TrapException">A constructor trapped.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Task<EmscriptenLibrary> LoadLibraryAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return LoadLibraryAsync(new LibraryRequest(path, IsGlobal: true), cancellationToken);
    }

    /// <inheritdoc cref="LoadLibraryAsync(string, CancellationToken)"/>
    /// <param name="name">The name under which it is known, also to libraries that need it.</param>
    /// <param name="bytes">The module, in the binary format.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public Task<EmscriptenLibrary> LoadLibraryAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return LoadLibraryAsync(new LibraryRequest(name, IsGlobal: true, bytes), cancellationToken);
    }

    /// <summary>
    /// Makes an image of the program as it is, for others to begin with: between its calls, with no file open beside the standard streams, and nothing mapped, locked or loaded.
    /// </summary>
    /// <param name="save">What is to be kept for an object of the host that the program has a reference to (<see cref="InstanceImage.Capture"/>); null if there is none.</param>
    /// <exception cref="InvalidOperationException">The program has something that an image cannot have, as the message says.</exception>
    /// <exception cref="NotSupportedException">As <see cref="InstanceImage.Capture"/> says.</exception>
    public EmscriptenImage Capture(Func<object, object?>? save = null)
    {
        if (_context.FindObstacle() is { } obstacle)
            throw new InvalidOperationException($"There can be no image of the program: {obstacle}.");
        return new EmscriptenImage(InstanceImage.Capture(Instance, Save), _context);

        // Functions of the host are put back when the program is linked.
        object? Save(object value) => value is Function function && _context.Libraries!.SymbolOf(function) is not null ? null
            : save is not null ? save(value)
            : throw new NotSupportedException($"The program has a reference to an object of the host, {value.GetType()}: the image must be told what to keep of it.");
    }

    /// <summary>Waits for the end of a program that is kept alive after <c>main</c>.</summary>
    /// <returns>The exit code; null if it is not kept alive.</returns>
    internal async Task<int?> WaitForEndAsync(CancellationToken cancellationToken)
    {
        if (_context.KeepAlive <= 0)
            return null;
        var end = await UntilExitAsync(async () =>
        {
            await _context.EndedBeside.WaitAsync(cancellationToken).ConfigureAwait(false);
            return 0;
        }).ConfigureAwait(false);
        return end.ExitCode;
    }

    /// <summary>Ends what runs, and closes all files.</summary>
    public async ValueTask DisposeAsync()
    {
        _context.Timers.Dispose();
        await Store.DisposeAsync().ConfigureAwait(false);
        await _context.DisposeAsync().ConfigureAwait(false);
    }

    private FunctionTable RequireFunctions() => Functions ?? throw new InvalidOperationException(
        "The program exports no __indirect_function_table, so that it can be given no function to call through a pointer. Link it with -sALLOW_TABLE_GROWTH.");

    internal async Task InitializeAsync(CancellationToken cancellationToken)
    {
        foreach (var name in Preparations)
            _exports.Find(name)?.Invoke([], cancellationToken);
        foreach (var name in Constructors)
        {
            if (_exports.Find(name) is { } function)
                await function.InvokeAsync([], cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<EmscriptenLibrary> LoadLibraryAsync(LibraryRequest request, CancellationToken cancellationToken)
    {
        var linker = _context.Libraries!;
        return new EmscriptenLibrary(linker, await linker.LoadAsync(request, new StoreCalls(IsPromising: true, cancellationToken)).ConfigureAwait(false));
    }

    /// <summary>Runs code until it returns a code, or ends the program with one.</summary>
    private async Task<(bool IsExit, int ExitCode)> UntilExitAsync(Func<Task<int>> code)
    {
        try
        {
            var running = code();
            if (await Task.WhenAny(running, _context.EndedBeside).ConfigureAwait(false) != running)
                await _context.EndedBeside.ConfigureAwait(false);
            return (false, await running.ConfigureAwait(false));
        }
        catch (WasmExitException e)
        {
            return (true, e.ExitCode);
        }
    }

    private async Task<int> MainAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var main = _exports.Find("__main_argc_argv", "main", "__main_void", "_start")
            ?? throw new InvalidOperationException("The program exports no main, so that it cannot be run: start it with EmscriptenProgram.StartAsync, and call its functions.");
        Value[] values = main.Type.Parameters.Count switch
        {
            0 => [],
            _ => [arguments.Count + 1, WriteArguments(arguments)],
        };
        var results = await main.InvokeAsync(values, cancellationToken).ConfigureAwait(false);
        _context.IsExiting = _context.KeepAlive <= 0;
        return results is [var result] ? result.AsI32() : 0;
    }

    /// <summary>What is registered with <c>atexit</c>, and what is left in the buffers of files.</summary>
    private async Task<int> EndAsync(CancellationToken cancellationToken)
    {
        if (_exports.Find("__funcs_on_exit") is { } registered)
            await registered.InvokeAsync([], cancellationToken).ConfigureAwait(false);
        if (_exports.Find("fflush") is { } flush)
            await flush.InvokeAsync([0], cancellationToken).ConfigureAwait(false);
        return 0;
    }

    /// <summary>Writes <c>argv</c> to memory that is never freed, as the arguments live as long as the program.</summary>
    private int WriteArguments(IReadOnlyList<string> arguments)
    {
        var allocate = _exports.Find("malloc", "_emscripten_stack_alloc", "stackAlloc")
            ?? throw new InvalidOperationException("The program exports no malloc and no stackAlloc, so that main can be given no arguments.");
        byte[][] texts = [.. arguments.Prepend(_context.ProgramName).Select(text => Encoding.UTF8.GetBytes(text + '\0'))];
        var pointers = Allocate((texts.Length + 1) * sizeof(int));
        foreach (var (index, text) in texts.Index())
        {
            var address = Allocate(text.Length);
            text.CopyTo(Memory.GetSpan(address, text.Length));
            Memory.Write(pointers + (index * sizeof(int)), address);
        }

        Memory.Write(pointers + (texts.Length * sizeof(int)), 0);
        return pointers;

        int Allocate(int bytes) => allocate.Invoke(bytes)[0].AsI32() is var address && address != 0
            ? address
            : throw new InvalidOperationException($"The program has no memory for its arguments: {allocate.Name} failed for {bytes} bytes.");
    }
}
