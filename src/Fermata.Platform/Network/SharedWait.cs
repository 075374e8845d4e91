namespace Fermata.Platform.Network;

/// <summary>A wait that many share: it is begun when the first comes, and ended when the last leaves.</summary>
/// <param name="wait">What is waited for, which ends with its token. What it fails with is its own affair.</param>
internal sealed class SharedWait(Func<CancellationToken, Task> wait)
{
    private readonly Lock _lock = new();

    /// <summary>Completed when those who wait now are to look again; null if nobody waits.</summary>
    private TaskCompletionSource? _signal;

    /// <summary>Ends what is waited for; null if that is over.</summary>
    private CancellationTokenSource? _end;

    private int _waiting;

    /// <summary>Waits until it is over, or somebody says so.</summary>
    /// <param name="isOver">Whether nobody has to wait, looked at once what happens from now on is noticed.</param>
    /// <param name="cancellationToken">Cancelled when the caller does not wait any more.</param>
    public async Task WaitAsync(Func<bool> isOver, CancellationToken cancellationToken)
    {
        Task signal;
        lock (_lock)
        {
            _waiting++;
            signal = (_signal ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        try
        {
            if (isOver())
                return;
            Begin();
            await signal.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            CancellationTokenSource? end = null;
            lock (_lock)
            {
                if (--_waiting == 0)
                    (end, _end, _signal) = (_end, null, null);
            }

            end?.Cancel();
        }
    }

    /// <summary>Has all who wait look again.</summary>
    public void Signal()
    {
        TaskCompletionSource? signal;
        lock (_lock)
            (signal, _signal) = (_signal, null);
        signal?.SetResult();
    }

    private void Begin()
    {
        CancellationTokenSource end;
        lock (_lock)
        {
            if (_end is not null)
                return;
            _end = end = new CancellationTokenSource();
        }

        _ = RunAsync(end);
    }

    private async Task RunAsync(CancellationTokenSource end)
    {
        await wait(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
        {
            if (_end == end)
                _end = null;
        }

        Signal();
    }
}
