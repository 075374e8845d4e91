using System.Diagnostics.CodeAnalysis;

namespace Fermata.Runtime;

/// <summary>A <c>memory.atomic.wait</c> that suspended its fiber.</summary>
/// <param name="turn">The turn of the fiber's store.</param>
/// <param name="memory">The memory, in one of whose queues the waiter is.</param>
/// <param name="waiter">The waiter.</param>
/// <param name="timeout">How long to wait at most, in nanoseconds; without end if negative.</param>
[SuppressMessage("Design", "CA1001", Justification = "the timer is disposed when the wait ends, and it ends")]
internal sealed class WaitSuspension(Turn turn, Memory memory, Waiter waiter, long timeout) : Suspension
{
    private Action? _continuation;
    private Timer? _timer;

    public Memory Memory => memory;

    public Waiter Waiter => waiter;

    /// <summary>When the wait times out, in milliseconds of <see cref="Environment.TickCount64"/>; null if never.</summary>
    public long? Deadline { get; } =
        WaitOperations.Milliseconds(timeout) is var milliseconds && milliseconds == Timeout.Infinite ? null : Environment.TickCount64 + milliseconds;

    /// <summary>How long it waits still, in nanoseconds; -1 without end.</summary>
    public long Rest => Deadline is { } deadline ? Math.Max(0, deadline - Environment.TickCount64) * WaitOperations.NanosecondsPerMillisecond : -1;

    public override string Name => "memory.atomic.wait";

    public override bool IsCompleted => waiter.HasEnded;

    public override void OnCompleted(Action continuation)
    {
        _continuation = continuation;
        if (Deadline is { } deadline)
            _timer = new Timer(static wait => ((WaitSuspension)wait!).TimeOut(), this, Math.Max(0, deadline - Environment.TickCount64), Timeout.Infinite);
        waiter.OnEnded(Resume);
    }

    public override void TakeResult(StoreContext context, FrameStack frames) => context.Slots[0] = (uint)waiter.Result;

    public override void Abandon()
    {
        memory.Waiters!.Remove(waiter);
        _timer?.Dispose();
    }

    private void TimeOut()
    {
        if (memory.Waiters!.Remove(waiter))
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
