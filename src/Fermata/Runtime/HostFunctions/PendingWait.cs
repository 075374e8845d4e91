using System.Diagnostics.CodeAnalysis;

namespace Fermata.Runtime;

/// <summary>A <c>memory.atomic.wait</c> that suspended its fiber.</summary>
/// <param name="turn">The turn of the fiber's store.</param>
/// <param name="queues">The queues of the memory, in one of which the waiter is.</param>
/// <param name="waiter">The waiter.</param>
/// <param name="timeout">How long to wait at most, in nanoseconds; without end if negative.</param>
[SuppressMessage("Design", "CA1001", Justification = "the timer is disposed when the wait ends, and it ends")]
internal sealed class PendingWait(Turn turn, WaitQueues queues, Waiter waiter, long timeout) : PendingCall(null)
{
    private Action? _continuation;
    private Timer? _timer;

    public override bool IsCompleted => waiter.HasEnded;

    public override void OnCompleted(Action continuation)
    {
        _continuation = continuation;
        var milliseconds = WaitOperations.Milliseconds(timeout);
        if (milliseconds != Timeout.Infinite)
            _timer = new Timer(static wait => ((PendingWait)wait!).TimeOut(), this, milliseconds, Timeout.Infinite);
        waiter.OnEnded(Resume);
    }

    public override void TakeResult(StoreContext context) => context.Slots[0] = (uint)waiter.Result;

    public override void Abandon()
    {
        queues.Remove(waiter);
        _timer?.Dispose();
    }

    private void TimeOut()
    {
        if (queues.Remove(waiter))
            waiter.End(WaitResult.TimedOut);
    }

    /// <summary>
    /// The code that notifies goes on before the fiber does: one of the same store only becomes ready now, one of another store must not
    /// run on top of the notifier's stack.
    /// </summary>
    private void Resume()
    {
        _timer?.Dispose();
        if (turn.IsMine)
            _continuation!();
        else
            ThreadPool.UnsafeQueueUserWorkItem(static continuation => continuation(), _continuation!, preferLocal: false);
    }
}
