using System.Runtime.InteropServices;

namespace Fermata.Cli;

/// <summary>
/// What ends a run from outside: its timeout, Ctrl-C or SIGTERM. The first of them decides; a signal after it ends the process at once. Of a run that is to be saved the first signal asks for that.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;
    private readonly Timer? _timer;
    private Func<bool>? _interrupt;
    private TaskCompletionSource<int>? _saving;
    private int _exitCode;

    /// <summary>Begins to listen for signals.</summary>
    /// <param name="timeout">After which time the run ends, if at all.</param>
    public Interruption(TimeSpan? timeout)
    {
        _signals =
        [
            On(PosixSignal.SIGINT, () => Interrupt?.Invoke() == true || TrySave(Cli.ExitCode.Interrupted) || TryEnd(Cli.ExitCode.Interrupted)),
            On(PosixSignal.SIGTERM, () => TrySave(Cli.ExitCode.Terminated) || TryEnd(Cli.ExitCode.Terminated)),
        ];
        if (timeout is { } time)
            _timer = new Timer(_ => TryEnd(Cli.ExitCode.TimedOut), null, time, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled when the run is to end.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The exit code that tells what ended the run; 0 if nothing did.</summary>
    public int ExitCode => Volatile.Read(ref _exitCode);

    /// <summary>What tells a program of Ctrl-C, which then does not end the run; it returns false if the program has not seen the last one, and does not seem to look.</summary>
    public Func<bool>? Interrupt
    {
        get => Volatile.Read(ref _interrupt);
        set => Volatile.Write(ref _interrupt, value);
    }

    /// <summary>Waits until the run is to be saved: has the next signal ask for that, instead of ending it.</summary>
    /// <param name="after">After which time it is in any case; null for never.</param>
    /// <returns>The exit code that tells why.</returns>
    public async Task<int> AskToSaveAsync(TimeSpan? after)
    {
        var saving = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _saving, saving);
        if (after is { } time && await Task.WhenAny(saving.Task, Task.Delay(time, Token)).ConfigureAwait(false) != saving.Task && !Token.IsCancellationRequested)
            TrySave(Cli.ExitCode.Saved);
        return await saving.Task.ConfigureAwait(false);
    }

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _timer?.Dispose();

        // The source has nothing to dispose of, and a signal may be on its way to it.
    }

    private static PosixSignalRegistration On(PosixSignal signal, Func<bool> handle) => PosixSignalRegistration.Create(signal, context => context.Cancel = handle());

    private bool TrySave(int exitCode) => Interlocked.Exchange(ref _saving, null)?.TrySetResult(exitCode) == true;

    private bool TryEnd(int exitCode)
    {
        if (Interlocked.CompareExchange(ref _exitCode, exitCode, 0) != 0)
            return false;
        _source.Cancel();
        return true;
    }
}
