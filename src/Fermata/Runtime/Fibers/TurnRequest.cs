namespace Fermata.Runtime;

/// <summary>A thread that waits for a store's turn.</summary>
internal sealed class TurnRequest : IDisposable
{
    private readonly ManualResetEventSlim _granted = new();

    public int ThreadId { get; } = Environment.CurrentManagedThreadId;

    public void Grant() => _granted.Set();

    public void Wait() => _granted.Wait();

    public void Dispose() => _granted.Dispose();
}
