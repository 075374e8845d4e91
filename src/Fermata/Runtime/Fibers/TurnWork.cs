namespace Fermata.Runtime;

/// <summary>Something that waits for a store's turn without a thread, and is done when it comes.</summary>
/// <param name="work">What is to be done, with the asynchronous locals of who asked for it.</param>
internal sealed class TurnWork(Action work)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ExecutionContext? _flow = ExecutionContext.Capture();

    public Task Task => _done.Task;

    public void Run()
    {
        try
        {
            if (_flow is null)
                work();
            else
                ExecutionContext.Run(_flow, static work => ((Action)work!)(), work);
            _done.SetResult();
        }
#pragma warning disable CA1031 // Whatever it fails with goes to who asked for it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _done.SetException(exception);
        }
    }
}
