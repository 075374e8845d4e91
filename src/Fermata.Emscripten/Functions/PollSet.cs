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
    /// <param name="timeout">The time in nanoseconds; null for any.</param>
    /// <param name="cancellationToken">Cancelled with the call.</param>
    /// <returns>The same descriptors with what happened.</returns>
    public static ValueTask<PollFd[]> WaitAsync(Caller caller, PollFd[] wanted, ulong? timeout, CancellationToken cancellationToken)
    {
        var context = WasiContext.Of(caller);
        Alarm? alarm = timeout is { } time ? Alarm.After(context, time) : null;
        var states = Array.ConvertAll(wanted, polled => State.Of(context.Descriptors, polled));

        // Two waits for each: even numbers are those for reading.
        return Waits.ForAnyAsync(
            caller, 2 * wanted.Length, (i, token) => Begin(caller, wanted[i / 2], states[i / 2], isRead: i % 2 == 0, token), alarm is { } set ? [set] : [],
            waits =>
            {
                var happened = wanted.Select((polled, i) => polled with { Happened = states[i].Collect(polled.Wanted, waits[2 * i], waits[(2 * i) + 1]) }).ToArray();
                return Array.Exists(happened, polled => polled.Happened != PollEvents.None) || alarm?.Remaining(context) == TimeSpan.Zero ? happened : null;
            },
            cancellationToken);
    }

    /// <summary>A timeout of <c>poll</c>, in milliseconds, in nanoseconds; null for any time.</summary>
    public static ulong? ToNanoseconds(int milliseconds) => milliseconds < 0 ? null : (ulong)milliseconds * NanosecondsPerMillisecond;

    private static Task<Result<Readiness>>? Begin(Caller caller, PollFd polled, State state, bool isRead, CancellationToken cancellationToken) =>
        (polled.Wanted & (isRead ? Reads : Writes)) != 0 && state.CanWait(isRead)
            ? Waits.ForAsync(caller, polled.Descriptor, Rights.None, isRead, cancellationToken)
            : null;

    /// <summary>What a descriptor is, and what is known of it at once.</summary>
    /// <param name="Descriptor">What it stands for; null if that does not matter.</param>
    /// <param name="Known">What is known.</param>
    private readonly record struct State(Descriptor? Descriptor, PollEvents Known)
    {
        public static State Of(DescriptorTable descriptors, PollFd polled)
        {
            if (polled.Descriptor < 0)
                return default;
            if (descriptors.Peek(polled.Descriptor, Rights.None, out var descriptor) != Errno.None)
                return new State(null, PollEvents.NotOpen);

            // Files never wait, whatever they are open for.
            return descriptor is FileDescriptor or DirectoryDescriptor ? new State(null, polled.Wanted & (Reads | Writes)) : new State(descriptor, PollEvents.None);
        }

        /// <summary>Nobody waits for what will never be, as to read from where is only written to.</summary>
        public bool CanWait(bool isRead) => Descriptor is not null && (Descriptor.Rights & (isRead ? Rights.FdRead : Rights.FdWrite)) != 0;

        public PollEvents Collect(PollEvents wanted, Task<Result<Readiness>>? read, Task<Result<Readiness>>? write)
        {
            // That the other end of a connection sends no more is its end for a pipe only.
            var isSocket = Descriptor is SocketDescriptor;
            return Known
                | Collect(read, wanted & Reads, wanted & PollEvents.PeerClosed | (isSocket ? PollEvents.None : PollEvents.HangUp))
                | Collect(write, wanted & Writes, isSocket ? PollEvents.Error | PollEvents.HangUp : PollEvents.Error);
        }

        private static PollEvents Collect(Task<Result<Readiness>>? wait, PollEvents ready, PollEvents hungUp) =>
            wait is not { IsCompleted: true } ? PollEvents.None
            : !wait.GetAwaiter().GetResult().TryGet(out var readiness) ? PollEvents.Error
            : readiness.IsHungUp ? ready | hungUp
            : ready;
    }
}
