using Fermata.Emscripten.Abi;
using Fermata.Platform;
using Fermata.Wasi;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.Functions;

/// <summary>What <c>poll</c> and <c>select</c> wait for: file descriptors, and what is to happen to each.</summary>
internal static class PollSet
{
    public const PollEvents Reads = PollEvents.In | PollEvents.ReadNormal;

    public const PollEvents Writes = PollEvents.Out | PollEvents.WriteNormal;

    private const ulong NanosecondsPerMillisecond = 1_000_000;

    /// <summary>Waits until something has happened to one of the descriptors, or the time is over.</summary>
    /// <param name="caller">Whoever calls.</param>
    /// <param name="wanted">The descriptors; there is nothing to tell of those whose number is negative.</param>
    /// <param name="tellsHangUps">Whether that the other end is gone is told also where neither reading nor writing is wanted.</param>
    /// <param name="timeout">The time in nanoseconds; null for any.</param>
    /// <param name="cancellationToken">Cancelled with the call.</param>
    /// <returns>The same descriptors with what happened.</returns>
    public static ValueTask<PollFd[]> WaitAsync(Caller caller, PollFd[] wanted, bool tellsHangUps, ulong? timeout, CancellationToken cancellationToken)
    {
        var context = WasiContext.Of(caller);
        Alarm? alarm = timeout is { } time ? Alarm.After(context, time) : null;
        var states = Array.ConvertAll(wanted, polled => State.Of(context.Descriptors, polled, tellsHangUps));

        // Two waits for each: even numbers are those for reading, or that nothing can be read or written any more.
        return Waits.ForAnyAsync(
            caller, 2 * wanted.Length, (i, token) => Begin(caller, wanted[i / 2], states[i / 2], isFirst: i % 2 == 0, token), alarm is { } set ? [set] : [],
            waits =>
            {
                var happened = wanted.Select((polled, i) => polled with { Happened = states[i].Collect(polled.Wanted, waits[2 * i], waits[(2 * i) + 1]) }).ToArray();
                return Array.Exists(happened, polled => polled.Happened != PollEvents.None) || alarm?.Remaining(context) == TimeSpan.Zero ? happened : null;
            },
            cancellationToken);
    }

    /// <summary>A timeout of <c>poll</c>, in milliseconds, in nanoseconds; null for any time.</summary>
    public static ulong? ToNanoseconds(int milliseconds) => milliseconds < 0 ? null : (ulong)milliseconds * NanosecondsPerMillisecond;

    private static Task<Result<Readiness>>? Begin(Caller caller, PollFd polled, State state, bool isFirst, CancellationToken cancellationToken) =>
        state.WaitsFor(polled.Wanted, isRead: isFirst) ? Waits.ForAsync(caller, polled.Descriptor, Rights.None, isFirst, cancellationToken)
        : isFirst && state.WaitsForHangUp(polled.Wanted) ? Waits.ForHangUpAsync(caller, polled.Descriptor, cancellationToken)
        : null;

    /// <summary>What a descriptor is, and what is known of it at once.</summary>
    /// <param name="Descriptor">What it stands for; null if that does not matter.</param>
    /// <param name="Known">What is known.</param>
    /// <param name="TellsHangUp">Whether that the other end is gone is told whatever is wanted.</param>
    private readonly record struct State(Descriptor? Descriptor, PollEvents Known, bool TellsHangUp = false)
    {
        public static State Of(DescriptorTable descriptors, PollFd polled, bool tellsHangUp)
        {
            if (polled.Descriptor < 0)
                return default;
            if (descriptors.Peek(polled.Descriptor, Rights.None, out var descriptor) != Errno.None)
                return new State(null, PollEvents.NotOpen);

            // Files never wait, whatever they are open for.
            return descriptor is FileDescriptor or DirectoryDescriptor ? new State(null, polled.Wanted & (Reads | Writes)) : new State(descriptor, PollEvents.None, tellsHangUp);
        }

        /// <summary>Nobody waits for what will never be, as to read from where is only written to.</summary>
        public bool WaitsFor(PollEvents wanted, bool isRead) =>
            (wanted & (isRead ? Reads : Writes)) != 0 && Descriptor is not null && (Descriptor.Rights & (isRead ? Rights.FdRead : Rights.FdWrite)) != 0;

        /// <summary>Other waits end with a hang-up, too.</summary>
        public bool WaitsForHangUp(PollEvents wanted) => TellsHangUp && !WaitsFor(wanted, isRead: true) && !WaitsFor(wanted, isRead: false);

        public PollEvents Collect(PollEvents wanted, Task<Result<Readiness>>? read, Task<Result<Readiness>>? write)
        {
            // That the other end of a connection sends no more is its end for a pipe only.
            var isSocket = Descriptor is SocketDescriptor;
            if (WaitsForHangUp(wanted))
                return Known | Collect(read, PollEvents.None, PollEvents.HangUp, isSocket ? PollEvents.Error | PollEvents.HangUp : PollEvents.Error);
            return Known
                | Collect(read, wanted & Reads, wanted & PollEvents.PeerClosed | (isSocket ? PollEvents.None : PollEvents.HangUp))
                | Collect(write, wanted & Writes, isSocket ? PollEvents.Error | PollEvents.HangUp : PollEvents.Error);
        }

        private static PollEvents Collect(Task<Result<Readiness>>? wait, PollEvents ready, PollEvents hungUp, PollEvents failed = PollEvents.Error) =>
            wait is not { IsCompleted: true } ? PollEvents.None
            : !wait.GetAwaiter().GetResult().TryGet(out var readiness) ? failed
            : readiness.IsHungUp ? ready | hungUp
            : ready;
    }
}
