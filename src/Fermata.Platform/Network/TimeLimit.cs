namespace Fermata.Platform.Network;

/// <summary>The time that a call may wait, in one wait or several.</summary>
internal sealed class TimeLimit : IDisposable
{
    private readonly CancellationToken _call;
    private readonly CancellationTokenSource _time;
    private readonly CancellationTokenSource _any;

    public TimeLimit(SocketTimeout timeout, CancellationToken cancellationToken)
    {
        _call = cancellationToken;
        _time = new CancellationTokenSource(timeout.Time, timeout.Clock);
        _any = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _time.Token);
    }

    /// <summary>Waits for something.</summary>
    /// <param name="limit">How long at most; null for any time.</param>
    /// <param name="wait">What is waited for, which ends with its token.</param>
    /// <param name="cancellationToken">Cancelled with the call.</param>
    /// <returns>Whether it came in time.</returns>
    public static async ValueTask<bool> WaitAsync(TimeLimit? limit, Func<CancellationToken, Task> wait, CancellationToken cancellationToken)
    {
        try
        {
            await wait(limit?._any.Token ?? cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (limit is { _time.IsCancellationRequested: true, _call.IsCancellationRequested: false })
        {
            return false;
        }
    }

    public void Dispose()
    {
        _any.Dispose();
        _time.Dispose();
    }
}
