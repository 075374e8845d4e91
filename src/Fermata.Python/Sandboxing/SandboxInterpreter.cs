using Fermata.Python.Interop;

namespace Fermata.Python.Sandboxing;

/// <summary>An interpreter in which code runs, one call at a time.</summary>
internal sealed class SandboxInterpreter : IAsyncDisposable
{
    private readonly PythonRuntime _python;
    private readonly PythonObject _run, _variables;
    private readonly SandboxLimiter _limiter;
    private readonly PythonSandboxOptions _options;
    private Task? _disposal;
    private int _runs;

    private SandboxInterpreter(PythonRuntime python, PythonObject run, PythonObject variables, SandboxLimiter limiter, WorkingFolder folder, PythonSandboxOptions options) =>
        (_python, _run, _variables, _limiter, Folder, _options) = (python, run, variables, limiter, folder, options);

    public required BoundedOutput Output { get; init; }

    public required BoundedOutput ErrorOutput { get; init; }

    /// <summary>Whether it was refused memory in this call.</summary>
    public bool HasRefusedMemory => _limiter.HasRefused || _python.Interpreter.HostMemory is { IsExhausted: true };

    public WorkingFolder Folder { get; }

    public bool IsUnused => _runs == 0;

    public bool HasEnded => _disposal is not null || _python.Interpreter.HasEnded;

    /// <summary>What ended it, if it was not disposed.</summary>
    public Exception? EndedBy => _python.Interpreter.EndedBy;

    public static async Task<SandboxInterpreter> StartAsync(
        PythonDistribution distribution, PythonHost host, PythonSandboxOptions options, WorkingFolder folder, CancellationToken cancellationToken)
    {
        var (output, error, limiter) = (new BoundedOutput(options.MaxOutputBytes), new BoundedOutput(options.MaxOutputBytes), new SandboxLimiter(options.MaxMemoryBytes));
        var own = host.Copy().WithOutput(output).WithError(error).WithDirectory(PythonRuntime.WorkingDirectory, folder.FileSystem);
        (own.FileLimits, own.MostHostBytes) = (WorkingFolder.Limits(options.MaxFileBytes), options.MaxMemoryBytes);
        var python = await PythonRuntime.StartAsync(distribution, own, new StoreOptions { Limiter = limiter }, cancellationToken).ConfigureAwait(false);
        try
        {
            using var functions = python.Import("host");
            foreach (var name in host.FunctionNames)
            {
                using var function = functions.GetAttribute(name);
                python.Globals.SetItem(name, function);
            }

            (await python.RunAsync(options.Prelude, cancellationToken).ConfigureAwait(false)).Dispose();
            using var script = python.Import(RunScript.Module);
            return new SandboxInterpreter(python, script.GetAttribute(RunScript.Function), options.KeepsVariables ? python.Globals : CopyOf(python.Globals), limiter, folder, options) { Output = output, ErrorOutput = error };
        }
        catch
        {
            await python.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static PythonObject CopyOf(PythonObject variables)
    {
        using var copy = variables.GetAttribute("copy");
        return copy.Call();
    }

    /// <summary>Has somebody told whether Python runs.</summary>
    public void Watch(Action<bool> changed) => _python.Interpreter.Activity.Watch(changed);

    /// <summary>Runs code.</summary>
    /// <param name="source">The source.</param>
    /// <param name="ending">Ends what functions of the host do for it.</param>
    /// <returns>The text of a <see cref="RunReport"/>.</returns>
    public async Task<string> RunAsync(string source, CancellationToken ending)
    {
        var name = $"<run {++_runs}>";
        var report = await _python.Interpreter.CallPromisingAsync(_run, [source, name, _variables, _options.MaxOutputBytes, !_options.KeepsVariables], new PromisingCall { IsMain = true, CancellationToken = ending }).ConfigureAwait(false);
        return report as string ?? "";
    }

    /// <summary>Drops what was written since the last call: it belongs to none.</summary>
    public void ForgetEarlierCalls()
    {
        Output.Take();
        ErrorOutput.Take();
        _limiter.HasRefused = false;
    }

    /// <summary>Raises <c>KeyboardInterrupt</c> in what runs.</summary>
    public void Interrupt() => _python.Interrupt();

    /// <summary>Takes back what <see cref="Interrupt"/> has not raised yet.</summary>
    public void ForgetInterrupt() => _python.Interpreter.Interrupts.Take();

    /// <summary>Ends it, whatever runs. Once more waits for the same.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_python)
            return new(_disposal ??= _python.DisposeAsync().AsTask());
    }
}
