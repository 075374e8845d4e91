using System.Runtime.CompilerServices;

namespace Fermata.Runtime;

/// <summary>Waiting for a change of a shared memory, and telling of one, for generated code.</summary>
/// <remarks>
/// The proposal "Threads and Atomics", section "Wait and Notify operators". Under a promising call a wait suspends the fiber; else it blocks
/// the thread, which keeps the turn of its store.
/// </remarks>
internal static unsafe class WaitOperations
{
    /// <summary>Times of code are in nanoseconds.</summary>
    public const long NanosecondsPerMillisecond = 1_000_000;

    public static int Wait32(StoreContext context, Memory memory, ulong address, ulong offset, int expected, long timeout) =>
        Wait(context, memory, address, offset, expected, timeout);

    public static int Wait64(StoreContext context, Memory memory, ulong address, ulong offset, long expected, long timeout) =>
        Wait(context, memory, address, offset, expected, timeout);

    /// <param name="memory">The memory.</param>
    /// <param name="address">The address of an i32 in it, less the offset.</param>
    /// <param name="offset">The offset of the instruction.</param>
    /// <param name="count">How many to wake at most, without sign.</param>
    /// <returns>How many were woken. At an unshared memory nobody can wait.</returns>
    public static int Notify(Memory memory, ulong address, ulong offset, int count) =>
        memory.Waiters?.Notify(Place(memory, address, offset, sizeof(int)), (uint)count) ?? NotifyNobody(memory, address, offset);

    /// <summary>A time in nanoseconds as one for .NET to wait: rounded up, and without end if it is negative or longer than 24 days.</summary>
    public static int Milliseconds(long timeout)
    {
        var milliseconds = (timeout / NanosecondsPerMillisecond) + (timeout % NanosecondsPerMillisecond == 0 ? 0 : 1);
        return timeout < 0 || milliseconds > int.MaxValue ? Timeout.Infinite : (int)milliseconds;
    }

    private static int NotifyNobody(Memory memory, ulong address, ulong offset)
    {
        Place(memory, address, offset, sizeof(int));
        return 0;
    }

    private static int Wait<T>(StoreContext context, Memory memory, ulong address, ulong offset, T expected, long timeout)
        where T : unmanaged, IEquatable<T>
    {
        var place = Place(memory, address, offset, sizeof(T));
        if (memory.Waiters is not { } queues)
        {
            Trap.ExpectedSharedMemory();
            return 0;
        }

        var waiter = new Waiter(context.Store, place);
        if (!queues.TryAdd(waiter, in Unsafe.AsRef<T>((byte*)memory.Base + place), expected))
            return (int)WaitResult.NotEqual;
        if (context.CurrentFiber is null)
            return BlockOrEnd(context, queues, waiter, timeout);
        context.Suspension = new WaitSuspension(context.Store.Scheduler.Turn, memory, waiter, timeout);
        return 0;
    }

    /// <summary>As <see cref="Block"/>, but if the call is to end it is on its way out by the return path.</summary>
    private static int BlockOrEnd(StoreContext context, WaitQueues queues, Waiter waiter, long timeout)
    {
        try
        {
            return (int)Block(context, queues, waiter, timeout);
        }
        catch (Exception exception) when (ExceptionOperations.IsEnd(exception))
        {
            context.Throw(exception);
            return 0;
        }
    }

    /// <summary>Holds the thread until the wait ends.</summary>
    private static WaitResult Block(StoreContext context, WaitQueues queues, Waiter waiter, long timeout)
    {
        using var ended = new ManualResetEventSlim();
        waiter.OnEnded(ended.Set);
        try
        {
            using var cancellation = context.Store.Scheduler.LinkTokens();
            if (!ended.Wait(Milliseconds(timeout), cancellation.Token))
            {
                if (queues.Remove(waiter))
                    return WaitResult.TimedOut;

                // Who took it off the queue is about to end it.
                ended.Wait();
            }
        }
        catch (Exception exception) when (exception is ThreadInterruptedException or OperationCanceledException)
        {
            queues.Remove(waiter);
            context.Store.Scheduler.ThrowIfCancelled();
            throw;
        }

        return waiter.Result == WaitResult.Disposed ? throw new StoreEndedException() : waiter.Result;
    }

    /// <summary>The address where a cell begins, which must be in the memory and a multiple of its size.</summary>
    private static ulong Place(Memory memory, ulong address, ulong offset, int size)
    {
        MemoryOperations.CheckAddress64(memory, address, offset, size);
        var place = address + offset;
        if (place % (uint)size != 0)
            Trap.UnalignedAtomic();
        return place;
    }
}
