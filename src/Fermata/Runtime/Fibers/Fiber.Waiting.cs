namespace Fermata.Runtime;

/// <summary>How a fiber waits, and is woken.</summary>
internal sealed partial class Fiber
{
    // The states, apart from the end.
    private const int Queued = (int)FiberState.Queued;
    private const int Suspended = (int)FiberState.Suspended;
    private const int Running = (int)FiberState.Running;

    private int _state;
    private Action? _continuation;

    /// <summary>Notes what the fiber, which is to be suspended, waits for.</summary>
    public void Keep(Suspension suspension)
    {
        if (Suspension == suspension)
            return;
        Suspension?.Recycle();
        Suspension = suspension;
    }

    /// <summary>From now on the end of the wait or a cancellation, whichever is first, makes the fiber ready.</summary>
    public void Wait()
    {
        _waitsSince = Environment.TickCount64;
        if (Suspension is NextTurn)
        {
            _state = Queued;
            _scheduler.Enqueue(this);
            return;
        }

        var continuation = _continuation ??= Wake;
        if (!_cancellationToken.CanBeCanceled)
        {
            Volatile.Write(ref _state, Suspended);
            AskToBeWoken(continuation);
            return;
        }

        // A full fence: a cancellation that still found the fiber running is seen here.
        Interlocked.Exchange(ref _state, Suspended);
        if (_cancellationToken.IsCancellationRequested)
            Cancel();
        else
            AskToBeWoken(continuation);
    }

    private void AskToBeWoken(Action continuation)
    {
        try
        {
            Suspension!.OnCompleted(continuation);
        }
#pragma warning disable CA1031 // Whatever a task source of the host throws goes to the WebAssembly code.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Suspension = new FailedWait(Suspension!, exception);
            Wake();
        }
    }

    /// <summary>Called on the store's turn: whether the fiber, which was woken, goes on. If not, it has ended or still waits.</summary>
    /// <remarks>
    /// Being woken is only a hint, since a task source of the host may call its continuation more than once, from several threads, and when the
    /// fiber has long been waiting for something else, or is that of another call. What counts is whether the awaited task is complete.
    /// </remarks>
    public bool IsReady()
    {
        if (HasEnded)
            return false;
        try
        {
            return Suspension is null or { IsCompleted: true } || IsReadyAnyway();
        }
#pragma warning disable CA1031 // A task source that does not even tell that: taking its result fails, at the call.
        catch (Exception)
#pragma warning restore CA1031
        {
            return true;
        }
    }

    private bool IsReadyAnyway()
    {
        if (_scheduler.IsEnding)
            return true;

        // Woken in vain, or cancelled. What happened until now found the fiber queued and did not wake it again; what happens from now on does.
        Interlocked.Exchange(ref _state, Suspended);
        return (Suspension!.IsCompleted || _cancellationToken.IsCancellationRequested) && TryWake();
    }

    /// <summary>Called on the store's turn: puts the awaited values into the context's slots.</summary>
    /// <returns>What the awaited task failed with, or the cancellation; null if there are values.</returns>
    public Exception? TakeAwaited(StoreContext context)
    {
        ReleaseSnapshots();
        if (_cancellationToken.IsCancellationRequested)
        {
            // The cancellation may be on its way only now: it may even have completed the task, and wait until this code returns.
            return new CallEndedException(_cancellationToken);
        }

        try
        {
            Suspension!.TakeResult(context, Frames);
            Frames.DropArguments();
            return null;
        }
#pragma warning disable CA1031 // Whatever the task failed with goes to the WebAssembly code.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Frames.DropArguments();
            return exception;
        }
    }

    /// <summary>Has a suspended fiber wait no longer, for a store that is disposed. Called on the store's turn.</summary>
    /// <returns>Whether the fiber was suspended. What wakes it at the same time finds that it has ended.</returns>
    public bool TryStopWaiting() => !HasEnded && TryWake();

    /// <summary>Whether it is for the caller to wake the fiber.</summary>
    /// <remarks>
    /// Without a cancellation there are two who want to only if a task source calls its continuation twice or the store is disposed, and
    /// <see cref="IsReady"/> sees to that. So the common case needs no interlocked operation.
    /// </remarks>
    private bool TryWake()
    {
        if (_cancellationToken.CanBeCanceled)
            return Interlocked.CompareExchange(ref _state, Queued, Suspended) == Suspended;
        if (_state != Suspended)
        {
            // Who finds the fiber queued and leaves it at that must be sure that it is seen then that the task is complete.
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref _state) != Suspended)
                return false;
        }

        _state = Queued;
        return true;
    }

    private void Cancel()
    {
        if (!TryWake())
        {
            // It runs, or will as soon as it has the turn.
            _scheduler.Interrupt();
            return;
        }

        // A task goes on; its continuation finds that the fiber, which ends now, is not suspended.
        Suspension!.Abandon();
        _scheduler.MakeReady(this);
    }

    /// <summary>The continuation of the tasks that the fiber waits for, one after another.</summary>
    private void Wake()
    {
        if (TryWake())
            _scheduler.MakeReady(this);
    }
}
