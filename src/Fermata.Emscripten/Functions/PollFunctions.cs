using System.Runtime.InteropServices;
using Fermata.Emscripten.Abi;
using Fermata.Platform;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.Functions;

/// <summary><c>poll</c> and <c>select</c>: wait for any of several file descriptors.</summary>
internal static class PollFunctions
{
    /// <summary>The events for which <c>select</c> tells that a descriptor can be read, or written.</summary>
    private const PollEvents Readable = PollSet.Reads | PollEvents.HangUp | PollEvents.Error, Writable = PollSet.Writes | PollEvents.Error;

    public static async ValueTask<Result<PollFd[]>> Poll(Caller caller, int descriptors, int count, int timeout, CancellationToken cancellationToken)
    {
        if ((uint)count > Waits.Most)
            return Errno.EINVAL;
        var wanted = MemoryMarshal.Cast<byte, PollFd>(caller.GetSpan(descriptors, count * PollFd.Size)).ToArray();
        return await PollSet.WaitAsync(caller, wanted, tellsHangUps: true, PollSet.ToNanoseconds(timeout), cancellationToken).ConfigureAwait(false);
    }

    public static int CompletePoll(Caller caller, Result<PollFd[]> polled, int descriptors, int count, int timeout)
    {
        if (!polled.TryGet(out var found))
            return -(int)polled.Error;
        foreach (var (index, one) in found.Index())
            caller.Write((uint)descriptors + (ulong)(index * PollFd.Size) + PollFd.HappenedOffset, one.Happened);
        return found.Count(one => one.Happened != PollEvents.None);
    }

    public static async ValueTask<Result<PollFd[]>> Select(
        Caller caller, int count, int readable, int writable, int exceptional, int timeout, CancellationToken cancellationToken)
    {
        if ((uint)count > DescriptorSet.Most)
            return Errno.EINVAL;
        var (reads, writes, exceptions) = (DescriptorSet.Read(caller, readable, count), DescriptorSet.Read(caller, writable, count), DescriptorSet.Read(caller, exceptional, count));
        var wanted = Enumerable.Range(0, count)
            .Select(fd => new PollFd(
                fd,
                (reads.Contains(fd) ? PollEvents.In : PollEvents.None) | (writes.Contains(fd) ? PollEvents.Out : PollEvents.None)
                    | (exceptions.Contains(fd) ? PollEvents.Priority : PollEvents.None),
                PollEvents.None))
            .Where(one => one.Wanted != PollEvents.None)
            .ToArray();
        ulong? time = null;
        if (timeout != 0 && !ReadTime(caller, timeout).TryGet(out time, out var error))
            return error;
        var polled = await PollSet.WaitAsync(caller, wanted, tellsHangUps: false, time, cancellationToken).ConfigureAwait(false);
        return Array.Exists(polled, one => one.Happened == PollEvents.NotOpen) ? Errno.EBADF : polled;
    }

    public static int CompleteSelect(Caller caller, Result<PollFd[]> polled, int count, int readable, int writable, int exceptional, int timeout)
    {
        if (!polled.TryGet(out var found))
            return -(int)polled.Error;
        return WriteSet(caller, readable, count, found, PollEvents.In, Readable)
            + WriteSet(caller, writable, count, found, PollEvents.Out, Writable)
            + WriteSet(caller, exceptional, count, found, PollEvents.Priority, PollEvents.Priority);
    }

    private static int WriteSet(Caller caller, int address, int count, PollFd[] polled, PollEvents wanted, PollEvents happened)
    {
        var set = new DescriptorSet(count);
        foreach (var one in polled.Where(one => (one.Wanted & wanted) != 0 && (one.Happened & happened) != 0))
            set.Add(one.Descriptor);
        set.Write(caller, address);
        return set.Count;
    }

    /// <summary>Reads the time that <c>select</c> waits at most: its seconds and microseconds, which the C library gives it as numbers of 32 bits.</summary>
    private static Result<ulong?> ReadTime(Caller caller, int timeout)
    {
        const ulong nanosecondsPerSecond = 1_000_000_000, nanosecondsPerMicrosecond = 1000;
        var (seconds, microseconds) = (caller.Read<int>(timeout), caller.Read<int>((uint)timeout + (ulong)sizeof(int)));
        return seconds < 0 || microseconds < 0 ? Errno.EINVAL : ((ulong)seconds * nanosecondsPerSecond) + ((ulong)microseconds * nanosecondsPerMicrosecond);
    }
}
