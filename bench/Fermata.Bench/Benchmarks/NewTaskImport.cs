namespace Fermata.Bench;

/// <summary>A new task for each call, as an <c>async</c> method makes one; and as JavaScript makes a promise.</summary>
internal sealed class NewTaskImport : IWaitImport
{
    public EventLoop Loop { get; } = new();

    public ValueTask<int> Wait(int value)
    {
        var pending = new PendingValue(value);
        Loop.Post(static pending => ((PendingValue)pending!).Complete(), pending);
        return new ValueTask<int>(pending.Task);
    }

    private sealed class PendingValue(int value) : TaskCompletionSource<int>
    {
        public void Complete() => SetResult(value);
    }
}
