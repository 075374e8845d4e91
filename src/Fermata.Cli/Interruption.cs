using System.Runtime.InteropServices;

namespace Fermata.Cli;

/// <summary>What ends a run from outside: its timeout, Ctrl-C or SIGTERM. The first of them decides; a signal after it ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;
    private readonly Timer? _timer;
    private int _exitCode;

    /// <summary>Begins to listen for signals.</summary>
    /// <param name="timeout">After which time the run ends, if at all.</param>
    public Interruption(TimeSpan? timeout)
    {
        _signals = [EndOn(PosixSignal.SIGINT, Cli.ExitCode.Interrupted), EndOn(PosixSignal.SIGTERM, Cli.ExitCode.Terminated)];
        if (timeout is { } time)
            _timer = new Timer(_ => TryEnd(Cli.ExitCode.TimedOut), null, time, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled when the run is to end.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The exit code that tells what ended the run; 0 if nothing did.</summary>
    public int ExitCode => Volatile.Read(ref _exitCode);

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _timer?.Dispose();

        // The source has nothing to dispose of, and a signal may be on its way to it.
    }

    private PosixSignalRegistration EndOn(PosixSignal signal, int exitCode) =>
        PosixSignalRegistration.Create(signal, context => context.Cancel = TryEnd(exitCode));

    private bool TryEnd(int exitCode)
    {
        if (Interlocked.CompareExchange(ref _exitCode, exitCode, 0) != 0)
            return false;
        _source.Cancel();
        return true;
    }
}
