using Fermata.Runtime;

namespace Fermata;

public sealed partial class Store
{
    /// <summary>
    /// Frees the memories of the store; of shared ones those that a module declared and no other store uses. Calls that are suspended or queued in it end with
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    /// <remarks>
    /// The tasks of suspended calls have failed when this returns, also of those that nothing could have resumed any more; what they waited for goes on by
    /// itself. Code that waits at a shared memory, suspended or not, is ended at once, and so is code that runs on another thread if it is interruptible
    /// (<see cref="EngineOptions.IsInterruptible"/>); it is waited for otherwise.
    /// </remarks>
    /// <exception cref="InvalidOperationException">Called by a host function of the store itself.</exception>
    public void Dispose()
    {
        BeginEnd();
        Scheduler.EnterTurn();
        List<ICompletion> ended;
        try
        {
            ended = End();
        }
        finally
        {
            Scheduler.LeaveTurn();
        }

        ended.ForEach(static completion => completion.Publish());
    }

    /// <summary>As <see cref="Dispose"/>, without holding the thread where code that runs is waited for.</summary>
    /// <remarks>Calls are ended, not waited for: that does <see cref="DrainAsync"/>.</remarks>
    /// <exception cref="InvalidOperationException">Called by a host function of the store itself, before its first await.</exception>
    public async ValueTask DisposeAsync()
    {
        BeginEnd();
        List<ICompletion> ended = [];
        await Scheduler.OnTurn(() => ended = End()).ConfigureAwait(false);
        ended.ForEach(static completion => completion.Publish());
    }

    /// <summary>
    /// Does something when nothing runs in the store: at once if that is so, or in a function of the host, which has the store's turn already. No thread waits for it. What it does
    /// cannot be disturbed by other calls, which wait for the turn; it should not take long, and cannot wait itself.
    /// </summary>
    /// <param name="action">What is done, on whatever thread.</param>
    /// <returns>A task that is complete when it is done, and fails with what it throws.</returns>
    public Task OnTurnAsync(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return Scheduler.OnTurn(action);
    }

    /// <summary>Waits until all promising calls of the store have ended, those that start meanwhile too, however they end. No thread waits.</summary>
    /// <remarks>
    /// Calls that nothing can resume never end, and this keeps them from being collected: give it a token that is cancelled after some time, and dispose the store then.
    /// A call of the store that waits for this waits for itself.
    /// </remarks>
    /// <param name="cancellationToken">Ends the wait; the calls go on.</param>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public async Task DrainAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            List<Task> calls = [];
            await Scheduler.OnTurn(() => calls = Scheduler.Tasks()).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (calls.Count == 0)
                return;
            await Task.WhenAll(calls).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Has all that runs or waits in the store look that it is over. To be followed by <see cref="Dispose"/>.</summary>
    internal void BeginEnd()
    {
        if (Scheduler.Turn.IsMine)
            throw new InvalidOperationException("A store cannot be disposed by a host function that its own WebAssembly code called.");
        MarkEnded();
    }

    private void MarkEnded()
    {
        _isDisposed = true;
        EndWaits();
        Context.Interrupt();
    }

    /// <summary>Ends suspended calls and frees all. The turn is held.</summary>
    /// <returns>Where the calls ended, to be published without the turn.</returns>
    private List<ICompletion> End()
    {
        var ended = Scheduler.EndSuspended();
        Context.ReturnFuel();
        _instances.Clear();
        foreach (var owned in _owned)
            owned.Dispose();
        _owned.Clear();
        lock (_sharedMemories)
        {
            foreach (var memory in _sharedMemories)
                memory.RemoveUser();
            _sharedMemories.Clear();
        }

        return ended;
    }

    private void EndWaits()
    {
        Memory[] memories;
        lock (_sharedMemories)
            memories = [.. _sharedMemories];
        foreach (var memory in memories)
            memory.Waiters!.RemoveAll(this);
    }
}
