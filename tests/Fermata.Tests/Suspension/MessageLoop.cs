using System.Collections.Concurrent;

namespace Fermata.Tests.Suspension;

/// <summary>A thread that does what is posted to its context, as that of a user interface.</summary>
public sealed class MessageLoop : IDisposable
{
    private readonly BlockingCollection<Action> _messages = [];
    private readonly Thread _thread;

    public MessageLoop()
    {
        Context = new LoopContext(_messages);
        _thread = new Thread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(Context);
            foreach (var message in _messages.GetConsumingEnumerable())
                message();
        })
        {
            IsBackground = true,
        };
        _thread.Start();
    }

    public SynchronizationContext Context { get; }

    public int ThreadId => _thread.ManagedThreadId;

    /// <summary>Starts something on the thread.</summary>
    public Task Run(Func<Task> start) => Run(async () =>
    {
        await start();
        return true;
    });

    /// <inheritdoc cref="Run(Func{Task})"/>
    public Task<T> Run<T>(Func<Task<T>> start)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _messages.Add(async () =>
        {
            try
            {
                result.SetResult(await start());
            }
            catch (Exception exception)
            {
                result.SetException(exception);
            }
        });
        return result.Task;
    }

    public void Dispose()
    {
        _messages.CompleteAdding();
        _thread.Join();
        _messages.Dispose();
    }

    private sealed class LoopContext(BlockingCollection<Action> messages) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => messages.Add(() => d(state));
    }
}
