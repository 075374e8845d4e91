using Fermata.Python.Fetching;
using Fermata.Python.Interop;
using Fermata.Python.Views;

namespace Fermata.Python;

/// <summary>
/// A Python interpreter, with a memory and files of its own. Promising calls interleave: while one waits, others run. All others hold their thread until nothing else runs.
/// </summary>
public sealed class PythonRuntime : IAsyncDisposable
{
    /// <summary>Python's working directory, and its <c>HOME</c> if the host says nothing else.</summary>
    public const string WorkingDirectory = "/home/pyodide";

    /// <summary>The path of the standard library in Python's files.</summary>
    internal const string Library = "/lib/python314.zip";

    private readonly Interpreter _python;
    private readonly PythonObject _evaluate, _evaluateAsync;

    private PythonRuntime(Interpreter python)
    {
        _python = python;
        using var main = Import("__main__");
        Globals = main.GetAttribute("__dict__");
        using var code = Import("_pyodide._base");
        (_evaluate, _evaluateAsync) = (code.GetAttribute("eval_code"), code.GetAttribute("eval_code_async"));
    }

    /// <summary>The global variables of the module <c>__main__</c>, which scripts run in: a dictionary of Python.</summary>
    public PythonObject Globals { get; }

    /// <summary>The store, which belongs to the interpreter.</summary>
    public Store Store => _python.Instance.Store;

    /// <summary>What lies between Python and .NET.</summary>
    internal Interpreter Interpreter => _python;

    /// <summary>Starts an interpreter.</summary>
    /// <param name="distribution">The interpreter, compiled.</param>
    /// <param name="host">What Python is given; null for nothing.</param>
    /// <param name="options">Options of the store, such as limits; null for none.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<PythonRuntime> StartAsync(
        PythonDistribution distribution, PythonHost? host = null, StoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        host ??= new PythonHost();
        var python = await Startup.StartAsync(distribution, host, options ?? StoreOptions.Default, cancellationToken).ConfigureAwait(false);
        try
        {
            var runtime = new PythonRuntime(python);
            if (host.Fetch is { } fetch)
                python.Modules.Functions[PythonHost.FetchFunction] = FetchScript.NewFunction(python, python.Fetcher = new Fetcher(python, fetch.Network, fetch.Options));
            foreach (var (name, function, waits) in host.Functions)
                runtime.Expose(name, function, waits);
            return runtime;
        }
        catch
        {
            await python.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Runs source code in <see cref="Globals"/>. Python cannot wait in it.</summary>
    /// <param name="source">The source, which may be indented as a whole.</param>
    /// <returns>The value of the last line, if that is an expression, or else None.</returns>
    /// <exception cref="PythonException">An exception was not caught.</exception>
    public PythonObject Run(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return _evaluate.Call(source, Globals);
    }

    /// <summary>Runs source code in <see cref="Globals"/>, as a promising call: it may wait, by <c>run_sync</c> or <c>await</c>, for which no function is needed.</summary>
    /// <param name="source">The source, which may be indented as a whole.</param>
    /// <param name="cancellationToken">Cancels it, as <see cref="PythonObject.CallPromisingAsync(IReadOnlyList{object}, CancellationToken)"/> says.</param>
    /// <returns>The value of the last line, if that is an expression, or else None.</returns>
    /// <exception cref="PythonException">An exception was not caught.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Task<PythonObject> RunAsync(string source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return _evaluateAsync.CallPromisingAsync([source, Globals], cancellationToken);
    }

    /// <summary>Evaluates source code in <see cref="Globals"/>. Python cannot wait in it.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="source">The source, whose last line is an expression.</param>
    /// <exception cref="PythonException">An exception was not caught.</exception>
    /// <exception cref="InvalidCastException">The result is not of this type.</exception>
    public T Evaluate<T>(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return _evaluate.Call<T>(source, Globals);
    }

    /// <summary>Evaluates source code in <see cref="Globals"/>, as a promising call.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="source">The source, whose last line is an expression.</param>
    /// <param name="cancellationToken">Cancels it, as <see cref="PythonObject.CallPromisingAsync(IReadOnlyList{object}, CancellationToken)"/> says.</param>
    /// <exception cref="PythonException">An exception was not caught.</exception>
    /// <exception cref="InvalidCastException">The result is not of this type.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Task<T> EvaluateAsync<T>(string source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return _evaluateAsync.CallPromisingAsync<T>([source, Globals], cancellationToken);
    }

    /// <summary>
    /// Runs source code as the main program, in <see cref="Globals"/>, and as a promising call: an exception that is not caught is printed to standard error,
    /// <c>sys.exit</c> ends it, and what is registered with <c>atexit</c> runs at its end.
    /// </summary>
    /// <param name="source">The source.</param>
    /// <param name="fileName">What tracebacks call it, and Python <c>__file__</c>, unless it is one in angle brackets.</param>
    /// <param name="cancellationToken">Raises <c>KeyboardInterrupt</c>, wherever it is, as <see cref="Interrupt"/> does.</param>
    /// <returns>The exit code: 0, that of <c>sys.exit</c>, 1 after an exception, 130 after <c>KeyboardInterrupt</c>.</returns>
    public Task<int> RunMainAsync(string source, string fileName = "<string>", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        return CallMainAsync(MainProgram.OfSource, [source, fileName, Globals], cancellationToken);
    }

    /// <summary>Runs a module as the main program, as <c>python -m</c> does: <c>sys.argv[0]</c> is its file.</summary>
    /// <param name="name">Its name, such as <c>json.tool</c>; of a package, its module <c>__main__</c> runs.</param>
    /// <param name="cancellationToken">Raises <c>KeyboardInterrupt</c>, wherever it is, as <see cref="Interrupt"/> does.</param>
    /// <inheritdoc cref="RunMainAsync"/>
    public Task<int> RunModuleAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return CallMainAsync(MainProgram.OfModule, [name], cancellationToken);
    }

    /// <summary>
    /// Runs Python's interactive prompt in <see cref="Globals"/>, until the input or <c>exit()</c> ends it. Statements may wait, with <c>await</c> or <c>run_sync</c>;
    /// <c>KeyboardInterrupt</c> ends one, and not the prompt.
    /// </summary>
    /// <param name="banner">What is said first.</param>
    /// <param name="readLine">
    /// Reads a line, given the prompt that is to be shown for it; null is the end. If this is null itself, prompts go to standard error, and lines come from standard input.
    /// </param>
    /// <param name="cancellationToken">Raises <c>KeyboardInterrupt</c>, as <see cref="Interrupt"/> does.</param>
    /// <returns>The exit code: 0, or that of <c>exit</c>.</returns>
    public Task<int> RunPromptAsync(string banner = "", Func<string, Task<string?>>? readLine = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(banner);
        return CallMainAsync(MainProgram.OfPrompt, [banner, readLine, Globals], cancellationToken);
    }

    /// <summary>Imports a module.</summary>
    /// <param name="name">Its name, such as <c>collections.abc</c>.</param>
    /// <exception cref="PythonException">There is none, or it failed.</exception>
    public PythonObject Import(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _python.Enter(() => _python.Import(name));
    }

    /// <inheritdoc cref="PythonHost.Expose"/>
    public void Expose(string name, Delegate function, bool waits = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(function);
        var exposed = new ExposedFunction(name, function);
        _python.Modules.Functions[name] = waits ? _python.Prelude.Waiting.Call(exposed) : exposed;
    }

    /// <summary>
    /// Raises <c>KeyboardInterrupt</c> in what Python runs, as Ctrl-C does, and ends what a main program waits for, and reads of standard input. It may be called at any time.
    /// </summary>
    /// <returns>False if Python has not seen the last one yet, as it does between its own instructions.</returns>
    public bool Interrupt() => _python.Interrupts.Raise();

    /// <summary>Ends what runs.</summary>
    public ValueTask DisposeAsync() => _python.DisposeAsync();

    private async Task<int> CallMainAsync(string function, object?[] arguments, CancellationToken cancellationToken)
    {
        using var main = _python.Prelude.MainProgram.GetAttribute(function);
        using var interrupt = cancellationToken.UnsafeRegister(static runtime => ((PythonRuntime)runtime!).Interrupt(), this);
        var code = await _python.CallPromisingAsync(main, arguments, new PromisingCall { IsMain = true }).ConfigureAwait(false);
        if (cancellationToken.IsCancellationRequested)
            _python.Interrupts.Take();
        return (int)HostConversion.To(code, typeof(int))!;
    }
}
