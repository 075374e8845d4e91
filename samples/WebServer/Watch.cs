using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Fermata.Samples.WebServer;

/// <summary>Knows the guests that are there, and tells of them.</summary>
internal sealed class Watch : IDisposable
{
    private const int MostGuests = 1_000;
    private const int MostFailures = 5;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<long, Guest> _guests = new();
    private readonly ConcurrentQueue<Snapshot.FailureView> _failures = new();
    private readonly ConcurrentDictionary<string, long> _measurements = new();
    private readonly MeterListener _meters = new();
    private long _entered;
    private long _done;
    private long _failed;

    public Watch()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "Fermata", Name: "fermata.calls.running" or "fermata.calls.suspended" })
                listener.EnableMeasurementEvents(instrument);
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, _, _) => _measurements[instrument.Name] = value);
        _meters.Start();
    }

    /// <summary>How many guests are there.</summary>
    public int GuestCount => _guests.Count;

    /// <summary>A guest has come.</summary>
    public Guest Enter(string command, Store store)
    {
        var guest = new Guest(Interlocked.Increment(ref _entered), command, store);
        _guests[guest.Id] = guest;
        return guest;
    }

    /// <summary>A guest has ended.</summary>
    /// <param name="guest">The guest.</param>
    /// <param name="failure">Why it failed; null if it did not.</param>
    public void Leave(Guest guest, Failure? failure)
    {
        if (failure is null)
        {
            Interlocked.Increment(ref _done);
        }
        else
        {
            _failures.Enqueue(new Snapshot.FailureView(guest.Id, guest.Command, failure.Status, failure.Reason));
            while (_failures.Count > MostFailures)
                _failures.TryDequeue(out _);
            Interlocked.Increment(ref _failed);
        }

        // Last, so that a guest is never in no number at all.
        _guests.TryRemove(guest.Id, out _);
    }

    /// <summary>What there is to see, four times a second, until somebody does not want to see more.</summary>
    public async IAsyncEnumerable<Snapshot> SnapshotsAsync(CancellationToken stopping, [EnumeratorCancellation] CancellationToken aborted = default)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, aborted);
        while (!end.IsCancellationRequested)
        {
            yield return Look();
            await Task.Delay(Interval, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _meters.Dispose();

    private Snapshot Look()
    {
        _meters.RecordObservableInstruments();
        return new Snapshot(
            _measurements.GetValueOrDefault("fermata.calls.running"),
            _measurements.GetValueOrDefault("fermata.calls.suspended"),
            Interlocked.Read(ref _done),
            Interlocked.Read(ref _failed),
            ThreadPool.ThreadCount,
            Environment.WorkingSet,
            GuestCount,
            [.. _guests.Values.OrderBy(guest => guest.Id).Take(MostGuests).Select(Look).OfType<Snapshot.GuestView>()],
            [.. _failures.Reverse()]);
    }

    private static Snapshot.GuestView? Look(Guest guest)
    {
        try
        {
            var call = guest.Store.Fibers.SingleOrDefault();
            return new Snapshot.GuestView(
                guest.Id, guest.Command, call?.State, call?.WaitsFor, (int)guest.Age.TotalMilliseconds,
                call is null ? "" : string.Join(" ← ", call.WasmStack.Select(frame => frame.FunctionName)));
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }
}
