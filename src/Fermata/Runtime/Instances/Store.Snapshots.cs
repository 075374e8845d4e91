using Fermata.Runtime;
using Fermata.Structure;

namespace Fermata;

public sealed partial class Store
{
    private static readonly TimeSpan InterruptionInterval = TimeSpan.FromMilliseconds(10);

    private Guid _id;

    /// <summary>Names the store, and those that are restored from its snapshots.</summary>
    public Guid Id
    {
        get
        {
            lock (_instances)
            {
                if (_id == Guid.Empty)
                    _id = Guid.NewGuid();
                return _id;
            }
        }

        internal set => _id = value;
    }

    /// <summary>
    /// Writes what the store is now, with the calls that wait in it: <see cref="Restore"/> makes a store of it, in this process or another. The store itself
    /// goes on as if nothing had happened.
    /// </summary>
    /// <remarks>
    /// Another thread that runs code of the store is waited for. What is not in it: host functions and what they know (but for <see cref="ISnapshotData"/>), cancellations, time limits, the limiter. How
    /// snapshots look is written in docs/snapshots.md.
    /// </remarks>
    /// <param name="stream">Where to. It is left open.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">
    /// A host function asks for it that code of the store has called, or one that was called <see cref="Caller.HoldSnapshots">holds snapshots</see>; <see cref="SnapshotAsync"/> waits for both.
    /// </exception>
    /// <exception cref="NotSupportedException">
    /// There is something that a snapshot cannot have; the message tells where: a shared memory, an object of the host without a <see cref="ReferenceCodec"/>, a function of the host that no instance
    /// imports, a call that a host function made without a key, a wait at a shared memory. What was written until then is no snapshot.
    /// </exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The store is disposed.</exception>
    public void Snapshot(Stream stream, SnapshotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        List<ICompletion> ended;
        Scheduler.EnterTurn();
        try
        {
            if (TryWriteSnapshot(stream, options ?? SnapshotOptions.Default, out ended) is { } fiber)
                throw new InvalidOperationException($"Call {fiber.Id} waits for {HostileText.Printable(fiber.WaitsFor)}, which cannot be called again. SnapshotAsync waits until it has ended.");
        }
        finally
        {
            Scheduler.LeaveTurn();
        }

        ended.ForEach(static completion => completion.Publish());
    }

    /// <summary>As <see cref="Snapshot"/>, when it is its turn: no thread waits for it.</summary>
    /// <remarks>
    /// A host function that returns a task may await this: the call that waits for it is in the snapshot, and the import is called again when the store is restored (<see cref="CallKey"/>).
    /// Calls of host functions that <see cref="Caller.HoldSnapshots">hold snapshots</see> are waited for, so that such a function cannot await this.
    /// </remarks>
    /// <param name="stream">Where to. It is written while the turn is held, and left open.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>A task that ends when the snapshot is written, or fails with what <see cref="Snapshot"/> throws.</returns>
    public Task SnapshotAsync(Stream stream, SnapshotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return WriteSnapshotAsync(stream, options ?? SnapshotOptions.Default);
    }

    /// <summary>As <see cref="Snapshot"/>, in a turn; but for calls of host functions that hold snapshots, which are not waited for.</summary>
    /// <returns>Ends when it can be tried again; null if the snapshot is written.</returns>
    internal Task? TrySnapshot(Stream stream, SnapshotOptions options) =>
        TryWriteSnapshot(stream, options, out _) is null ? null : Scheduler.WhenReleased();

    private async Task WriteSnapshotAsync(Stream stream, SnapshotOptions options)
    {
        var isInside = Scheduler.Turn.IsMine && Scheduler.IsNested;
        while (true)
        {
            Task? released = null;
            List<ICompletion> ended = [];
            var written = isInside ? Scheduler.AfterTurn(Write) : Scheduler.OnTurn(Write);
            while (options.InterruptsCalls && !written.IsCompleted)
            {
                // Again and again: where a host function cannot be suspended the call goes on.
                Scheduler.InterruptForOthers();
                await Task.WhenAny(written, Task.Delay(InterruptionInterval)).ConfigureAwait(false);
            }

            await written.ConfigureAwait(false);
            ended.ForEach(static completion => completion.Publish());
            if (released is null)
                return;
            await released.ConfigureAwait(false);
            isInside = false;

            void Write()
            {
                if (TryWriteSnapshot(stream, options, out ended) is not null)
                    released = Scheduler.WhenReleased();
            }
        }
    }

    /// <summary>Writes a snapshot, unless a call waits that no snapshot may have. The turn is held.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="options">How.</param>
    /// <param name="ended">Where calls ended with the store, to be published without the turn.</param>
    /// <returns>The call that waits; null if the snapshot is written.</returns>
    private Fiber? TryWriteSnapshot(Stream stream, SnapshotOptions options, out List<ICompletion> ended)
    {
        ended = [];
        ThrowIfDisposed();
        if (Scheduler.IsNested)
            throw new InvalidOperationException("Code of the store runs, and waits for this host function. Return a task and await SnapshotAsync in it: then the call is suspended, and in the snapshot.");
        if (Scheduler.FindHolding() is { } fiber)
            return fiber;
        SnapshotWriter.Write(this, stream, options);
        if (options.EndsStore)
        {
            MarkEnded();
            ended = End();
        }

        return null;
    }
}
