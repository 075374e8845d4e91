using Fermata.Platform;
using Fermata.Python.Sandboxing;

namespace Fermata.Python;

/// <summary>
/// Runs Python code that nobody has checked, such as a model writes: source in, and out what came of it, whatever that is. Code is no danger to the host, and within limits of its own
/// (<see cref="PythonSandboxOptions"/>). Functions of the host (<see cref="PythonHost.Expose"/>) are variables that it has.
/// </summary>
/// <remarks>
/// <para>
/// A call whose code exceeds a limit is over at most a second later, plus what the processor was busy with otherwise: Python raises <c>KeyboardInterrupt</c>, and if the code goes on
/// all the same, its interpreter is ended. The sandbox then has another one, and stays usable. What code leaves running, such as tasks of <c>asyncio</c>, may compute no longer between
/// two calls than in one; it ends with its interpreter.
/// </para>
/// <para>Calls wait for each other, in their order, as they share an interpreter; those of many sandboxes run side by side. Each interpreter has its own memory, of some 30 MiB at first.</para>
/// </remarks>
public sealed class PythonSandbox : IAsyncDisposable
{
    private readonly PythonDistribution _distribution;
    private readonly PythonHost _host;
    private readonly PythonSandboxOptions _options;
    private readonly Turns _turns = new();
    private readonly CancellationTokenSource _ending = new();
    private Task<SandboxInterpreter>? _interpreter;
    private Task _ended = Task.CompletedTask;
    private WorkingFolder _folder;
    private RunClock? _idle;
    private bool _isDisposed;

    private PythonSandbox(PythonDistribution distribution, PythonHost host, PythonSandboxOptions options)
    {
        (_distribution, _host, _options) = (distribution, host, options);
        _folder = new WorkingFolder(options.MaxFileBytes);
    }

    /// <summary>Starts a sandbox, with its first interpreter.</summary>
    /// <param name="distribution">The interpreter, compiled. With a folder for its library (<see cref="PythonDistribution.LoadAsync"/>) one starts ten times as fast.</param>
    /// <param name="host">
    /// What code is given; null for nothing. Functions that were exposed to wait are plain ones for code: <c>f(x)</c>. What it says of standard output and standard error does not
    /// count, as these are in the results.
    /// </param>
    /// <param name="options">Limits, and what is kept; null for <see cref="PythonSandboxOptions.Default"/>.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit is not above zero.</exception>
    /// <exception cref="PythonException">The prelude failed.</exception>
    /// <exception cref="ResourceLimitException">The memory is not enough for an interpreter.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<PythonSandbox> StartAsync(
        PythonDistribution distribution, PythonHost? host = null, PythonSandboxOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        options ??= PythonSandboxOptions.Default;
        options.Validate();
        var sandbox = new PythonSandbox(distribution, host ?? new PythonHost(), options);
        sandbox._interpreter = Task.FromResult(await sandbox.StartInterpreterAsync(cancellationToken).ConfigureAwait(false));
        return sandbox;
    }

    /// <summary>Runs code. What it does wrong is told in the result.</summary>
    /// <param name="source">The source. It may be indented as a whole, and have <c>await</c> outside of functions.</param>
    /// <param name="files">Files that are put into the working folder before; null for none.</param>
    /// <param name="cancellationToken">Ends the code, as a limit does.</param>
    /// <exception cref="IOException">A file cannot be put there: it is too long, or a directory or a file is in the way.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The sandbox was disposed.</exception>
    public async Task<PythonResult> RunAsync(string source, IEnumerable<PythonFile>? files = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token, cancellationToken);
        try
        {
            using var turn = await _turns.EnterAsync(either.Token).ConfigureAwait(false);
            var interpreter = await RequireInterpreterAsync(either.Token).ConfigureAwait(false);
            try
            {
                await interpreter.Folder.PutAsync(files ?? []).ConfigureAwait(false);
                return await new SandboxRun(interpreter, _options).RunAsync(source, either.Token).ConfigureAwait(false);
            }
            finally
            {
                if (interpreter.HasEnded || !_options.KeepsState)
                    Replace(interpreter);
                else
                    WatchBetweenCalls(interpreter);
            }
        }
        catch (OperationCanceledException) when (_isDisposed)
        {
            throw new ObjectDisposedException(nameof(PythonSandbox));
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
    }

    /// <summary>Forgets all state, files too: the next call has another interpreter.</summary>
    /// <param name="cancellationToken">Ends the wait for a call that runs.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task ResetAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        using var turn = await _turns.EnterAsync(cancellationToken).ConfigureAwait(false);
        var interpreter = await RequireInterpreterAsync(cancellationToken).ConfigureAwait(false);
        _folder = new WorkingFolder(_options.MaxFileBytes);
        Replace(interpreter);
    }

    /// <summary>Ends what runs, with <see cref="ObjectDisposedException"/>, and all interpreters.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        await _ending.CancelAsync().ConfigureAwait(false);
        using var turn = await _turns.EnterAsync(CancellationToken.None).ConfigureAwait(false);
        _idle?.Dispose();
        await ((Task?)_interpreter ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_interpreter is { IsCompletedSuccessfully: true } interpreter)
            await (await interpreter.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        await _ended.ConfigureAwait(false);
        _ending.Dispose();
    }

    private Task<SandboxInterpreter> StartInterpreterAsync(CancellationToken cancellationToken) => SandboxInterpreter.StartAsync(_distribution, _host, _options, _folder, cancellationToken);

    /// <summary>The interpreter, once it has started; another one if it has ended meanwhile.</summary>
    private async Task<SandboxInterpreter> RequireInterpreterAsync(CancellationToken cancellationToken)
    {
        _idle?.Dispose();
        _idle = null;
        if (_interpreter is { IsCompletedSuccessfully: true } started && await started.ConfigureAwait(false) is { HasEnded: true } ended)
            Replace(ended);
        // One that did not start may do so at another time.
        if (_interpreter is null or { IsFaulted: true } or { IsCanceled: true })
            _interpreter = Task.Run(() => StartInterpreterAsync(_ending.Token), _ending.Token);
        return await _interpreter.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends an interpreter, and starts the next one.</summary>
    private void Replace(SandboxInterpreter interpreter)
    {
        if (!_options.KeepsState)
            _folder = new WorkingFolder(_options.MaxFileBytes);
        _ended = Task.WhenAll(_ended, interpreter.DisposeAsync().AsTask());
        _interpreter = Task.Run(() => StartInterpreterAsync(_ending.Token), _ending.Token);
    }

    /// <summary>Ends an interpreter in which code that a call left behind computes for too long.</summary>
    private void WatchBetweenCalls(SandboxInterpreter interpreter)
    {
        _idle = new RunClock(_options.MaxComputingTime, Timeout.InfiniteTimeSpan, _ => interpreter.DisposeAsync().AsTask());
        interpreter.Watch(_idle.Switch);
    }
}
