namespace Fermata.Durable;

/// <summary>A call of a store that runs here.</summary>
internal sealed class RunningCall(CallRow row) : IDisposable
{
    private readonly TaskCompletionSource<Value[]> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? _cancellation;
    private string? _failure;

    public string Key => row.Key;

    public CallRow Row => row;

    /// <summary>Ends with the call.</summary>
    public Task<Value[]> Task => _end.Task;

    /// <summary>Whether the end is in the database, or about to be.</summary>
    public bool IsRecorded { get; set; }

    public bool HasStarted { get; private set; }

    public bool IsLive => !Task.IsCompleted;

    /// <summary>Why the call was told to end; null if it was not.</summary>
    public string? Reason { get; private set; }

    /// <summary>Starts it, which takes until it waits for the first time.</summary>
    public void Start(Instance instance)
    {
        try
        {
            lock (_end)
            {
                _cancellation = new CancellationTokenSource();
                if (Reason is not null)
                    _cancellation.Cancel();
            }

            Follow(instance.GetFunction(row.Export).InvokeAsync(row.Key, row.Values, _cancellation.Token));
        }
        catch (Exception exception)
        {
            EndBefore(StorableText.Of(exception.Message));
        }
    }

    /// <summary>Goes on with it in a restored store.</summary>
    /// <param name="call">The call there.</param>
    /// <param name="cancellation">Ends all calls of the store; null if there are others.</param>
    public void Attach(RestoredCall call, CancellationTokenSource? cancellation)
    {
        _cancellation = cancellation;
        Follow(call.Task);
    }

    /// <summary>Tells it to end.</summary>
    /// <returns>Whether that can be done without the others of the store.</returns>
    public bool Cancel(string reason)
    {
        CancellationTokenSource? cancellation;
        lock (_end)
        {
            if (Reason is not null || !IsLive)
                return true;
            Reason = reason;
            cancellation = _cancellation;
        }

        cancellation?.Cancel();
        return cancellation is not null || !HasStarted;
    }

    /// <summary>Ends it before it has started.</summary>
    /// <param name="failure">Why.</param>
    public void EndBefore(string failure)
    {
        _failure = failure;
        _end.TrySetResult([]);
    }

    /// <summary>What it has ended with.</summary>
    public EndedCall End()
    {
        if (row.ProgramArguments is not null && ExitCode() is { } exitCode)
            return new EndedCall(Key, DurableCallState.Completed, ValueData.Encode([exitCode]), null);
        if (Reason is not null && (_failure is not null || !Task.IsCompletedSuccessfully))
            return new EndedCall(Key, DurableCallState.Cancelled, null, Reason);
        if (_failure is not null)
            return new EndedCall(Key, DurableCallState.Failed, null, _failure);
        if (!Task.IsCompletedSuccessfully)
        {
            var failure = Task.Exception?.InnerException;
            return new EndedCall(Key, DurableCallState.Failed, null, failure is null ? "It was cancelled." : StorableText.Of(failure));
        }

        try
        {
            return new EndedCall(Key, DurableCallState.Completed, ValueData.Encode(Task.Result), null);
        }
        catch (NotSupportedException exception)
        {
            return new EndedCall(Key, DurableCallState.Failed, null, StorableText.Of(exception.Message));
        }
    }

    /// <summary>What a program has ended with; null if it has failed.</summary>
    private int? ExitCode() =>
        _failure is null && Task.IsCompletedSuccessfully ? 0
        : Task.Exception?.InnerException is WasmExitException exit ? exit.ExitCode
        : null;

    public void Dispose() => _cancellation?.Dispose();

    private void Follow(Task<Value[]> task)
    {
        HasStarted = true;
        task.ContinueWith(static (ended, end) => ((TaskCompletionSource<Value[]>)end!).TrySetFromTask(ended), _end, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
