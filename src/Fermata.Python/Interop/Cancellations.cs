using System.Collections.Concurrent;

namespace Fermata.Python.Interop;

/// <summary>
/// Calls that the host may cancel. One that waits by <c>run_sync</c> or <c>await</c> has <c>asyncio.CancelledError</c> raised there; one that computes, or waits for the system,
/// <c>KeyboardInterrupt</c>. Which code is a call's is told by a variable of the context, which tasks inherit.
/// </summary>
internal sealed class Cancellations(Interpreter python)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1), LongestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Those of which somebody has yet to hear.</summary>
    private readonly ConcurrentDictionary<int, CallCancellation> _pending = new();
    private volatile bool _arePending;
    private int _count, _slot;

    /// <summary>A call begins.</summary>
    public CallCancellation Begin(CancellationToken token) => new(Interlocked.Increment(ref _count), token);

    /// <summary>A call was cancelled.</summary>
    public void Cancel(CallCancellation cancellation)
    {
        _pending[cancellation.Number] = cancellation;
        _arePending = true;
        _ = DeliverAsync(cancellation);
    }

    /// <summary>A call has ended.</summary>
    public void End(CallCancellation cancellation)
    {
        _pending.TryRemove(cancellation.Number, out _);
        _arePending = !_pending.IsEmpty;
        cancellation.Future?.Dispose();
    }

    /// <summary>Cancels what a call has returned to be awaited, if it was cancelled and has not heard of it; on the store's turn.</summary>
    public void CancelFuture(CallCancellation cancellation)
    {
        if (cancellation is { IsPending: true, Future: { } future } && python.Prelude.Cancel.Call<bool>(future))
            cancellation.TryDeliver();
    }

    /// <summary>Whether code that runs is that of a call that was cancelled, and has not heard of it; asked by Python between its instructions.</summary>
    public bool InterruptRunning()
    {
        if (!_arePending || python.Promising is not { } running || !_pending.TryGetValue(NumberOfContext(), out var cancellation)
            || !(cancellation.IsPending || running.WasInterrupted))
            return false;
        var task = python.CurrentTask();
        // What the event loop calls beside tasks is not interrupted: nobody would hear of it.
        var isMeant = task == 0 ? running.Cancellation == cancellation : task == cancellation.Future?.PointerOrZero;
        if ((task == 0 && !isMeant) || !running.TryInterrupt())
            return false;
        // Another task of the call is not the one that is to hear of it, but does not let that run.
        if (isMeant)
            cancellation.TryDeliver();
        return true;
    }

    /// <summary>Goes on until the call has heard of it, as it may begin to wait for the system at any time.</summary>
    private async Task DeliverAsync(CallCancellation cancellation)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        for (var pause = FirstPause; cancellation.IsPending && _pending.ContainsKey(cancellation.Number) && !python.HasEnded; pause = pause < LongestPause ? pause * 2 : pause)
        {
            try
            {
                await python.OnTurnAsync(() =>
                {
                    CancelFuture(cancellation);
                    return 0;
                }).ConfigureAwait(false);
            }
            catch (Exception e) when (python.HasEnded || e is ObjectDisposedException)
            {
                return;
            }
            catch (PythonException)
            {
                // Without memory, say. There may be some later.
            }

            if (cancellation.IsPending)
                python.Interrupts.WakeInputs();
            await Task.Delay(pause).ConfigureAwait(false);
        }
    }

    private int NumberOfContext()
    {
        if (_slot == 0)
            _slot = python.C.Allocate(sizeof(int));
        if (_slot == 0 || python.C.GetContextVariable(python.Prelude.Call.Pointer, 0, _slot) != 0)
            return 0;
        var value = python.Memory.Read<int>(_slot);
        var number = python.C.ToInt32(value);
        python.C.Release(value);
        return number;
    }
}
