using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Fermata.Python.Sandboxing;

/// <summary>
/// One call of a sandbox. Beyond a limit <c>KeyboardInterrupt</c> is raised, so that code which lets it pass leaves an interpreter that can be used further; if the code still runs
/// after <see cref="Grace"/>, the interpreter is ended.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing, and what it cancels may take its time.")]
internal sealed class SandboxRun
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    private readonly SandboxInterpreter _interpreter;
    private readonly PythonSandboxOptions _options;
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously), _over = new();
    private readonly Lock _lock = new();
    private PythonErrorKind? _limit;
    private bool _isEnding;

    public SandboxRun(SandboxInterpreter interpreter, PythonSandboxOptions options) => (_interpreter, _options) = (interpreter, options);

    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<PythonResult> RunAsync(string source, CancellationToken cancellationToken)
    {
        var isFirst = _interpreter.IsUnused;
        _interpreter.ForgetEarlierCalls();
        _interpreter.Output.Exceeded += EndForOutput;
        _interpreter.ErrorOutput.Exceeded += EndForOutput;
        using var clock = new RunClock(_options.MaxComputingTime, _options.MaxWaitingTime, kind => End(kind));
        using var cancellation = cancellationToken.UnsafeRegister(static run => ((SandboxRun)run!).End(null), this);
        _interpreter.Watch(clock.Switch);
        try
        {
            // Code computes from the start, and the caller is to have its task.
            var call = Task.Run(() => _interpreter.RunAsync(source, _ending.Token), CancellationToken.None);
            await Task.WhenAny(call, _abandoned.Task).ConfigureAwait(false);
            clock.Dispose();
            var report = await ReportAsync(call).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            var (files, areAll) = await _interpreter.Folder.TakeChangedAsync().ConfigureAwait(false);
            return new PythonResult
            {
                Error = ErrorOf(report) ?? (areAll ? null : new PythonError(PythonErrorKind.Output, null, $"The code left files that are longer together than {_options.MaxFileBytes} bytes.", "", null)),
                Text = report?.Text,
                Value = report?.ReadValue(),
                Output = _interpreter.Output.Take(),
                ErrorOutput = _interpreter.ErrorOutput.Take(),
                Files = files,
                IsFirstOfInterpreter = isFirst,
                ComputingTime = clock.Computing,
                WaitingTime = clock.Waiting,
            };
        }
        finally
        {
            _interpreter.Output.Exceeded -= EndForOutput;
            _interpreter.ErrorOutput.Exceeded -= EndForOutput;
            lock (_lock)
            {
                _isEnding = true;
                _over.TrySetResult();
                _interpreter.ForgetInterrupt();
            }
        }
    }

    private void EndForOutput() => End(PythonErrorKind.Output);

    /// <summary>Ends the code.</summary>
    /// <param name="limit">The limit that it exceeded; null if it was cancelled.</param>
    private void End(PythonErrorKind? limit)
    {
        lock (_lock)
        {
            if (_isEnding)
                return;
            (_isEnding, _limit) = (true, limit);
            _interpreter.Interrupt();
        }

        // What it cancels runs on the pool: functions of the host, and Python.
        _ = _ending.CancelAsync();
        _ = AbandonAsync();
    }

    private async Task AbandonAsync()
    {
        if (await Task.WhenAny(_over.Task, Task.Delay(Grace)).ConfigureAwait(false) == _over.Task)
            return;
        var ended = _interpreter.DisposeAsync();
        _abandoned.TrySetResult();
        await ended.ConfigureAwait(false);
    }

    /// <summary>What the code reports; null if the interpreter has ended.</summary>
    private async Task<RunReport?> ReportAsync(Task<string> call)
    {
        await ((Task)call).WaitAsync(TimeSpan.Zero).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_interpreter.HasEnded)
            return null;
        try
        {
            return RunReport.Parse(await call.ConfigureAwait(false));
        }
        catch (PythonException e)
        {
            // Where what reports had no memory to do so, or was interrupted.
            return new RunReport(null, null, new RunReport.Failure(_interpreter.HasRefusedMemory ? PythonException.NoMemory : e.Type, e.Message, e.Traceback, null, IsSyntax: false));
        }
        catch (JsonException e)
        {
            await _interpreter.DisposeAsync().ConfigureAwait(false);
            return new RunReport(null, null, new RunReport.Failure(nameof(JsonException), $"The code has damaged what runs it: {e.Message}", "", null, IsSyntax: false));
        }
    }

    private PythonError? ErrorOf(RunReport? report)
    {
        var raised = report?.Error;
        if (_limit is { } limit)
            return new PythonError(limit, raised?.Type, MessageOf(limit), raised?.Traceback ?? "", raised?.Line);
        if (report is null)
        {
            var kind = _interpreter.HasRefusedMemory ? PythonErrorKind.Memory : PythonErrorKind.InterpreterEnded;
            return new PythonError(kind, null, $"{MessageOf(kind)} {_interpreter.EndedBy?.Message}".TrimEnd(), "", null);
        }

        return raised is null ? null : new PythonError(raised.Kind, raised.Type, raised.Kind == PythonErrorKind.Memory ? MessageOf(raised.Kind) : raised.Message, raised.Traceback, raised.Line);
    }

    private string MessageOf(PythonErrorKind kind) => kind switch
    {
        PythonErrorKind.ComputingTime => $"The code computed for longer than {_options.MaxComputingTime.TotalSeconds} s.",
        PythonErrorKind.WaitingTime => $"The code waited for longer than {_options.MaxWaitingTime.TotalSeconds} s.",
        PythonErrorKind.Output => $"The code wrote more than {_options.MaxOutputBytes} bytes to standard output or standard error.",
        PythonErrorKind.Memory => $"The code wanted more memory than {_options.MaxMemoryBytes} bytes.",
        _ => "The code ended the interpreter.",
    };
}
