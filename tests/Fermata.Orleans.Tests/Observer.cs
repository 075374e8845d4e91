namespace Fermata.Orleans.Tests;

/// <summary>Hears of one end.</summary>
internal sealed class Observer : IDurableCallObserver
{
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<string> Ended => _ended.Task;

    public Task EndedAsync(string callKey)
    {
        _ended.TrySetResult(callKey);
        return Task.CompletedTask;
    }
}
