namespace Fermata.Durable;

/// <summary>What a store is at a moment at which nothing runs in it, and what has happened since the last one: one transaction.</summary>
internal sealed class Commit
{
    public required StoreRow Store { get; init; }

    /// <summary>The snapshot; null to leave the one that there is, empty for none.</summary>
    public byte[]? Snapshot { get; init; }

    public required PageSet Pages { get; init; }

    public required IReadOnlySet<PageName> FormerPages { get; init; }

    public required KnownPages KnownPages { get; init; }

    /// <summary>The pages that were written, and when.</summary>
    public List<(PageName Page, long Time)> WrittenPages { get; } = [];

    /// <summary>The waits that have begun.</summary>
    public required List<Wait> Begun { get; init; }

    /// <summary>The waits whose answers are in the guest.</summary>
    public required List<string> Taken { get; init; }

    /// <summary>The calls that have ended.</summary>
    public required List<EndedCall> Ended { get; init; }

    /// <summary>Which commit of the store it is: greater than that of each before.</summary>
    public required long Number { get; init; }

    /// <summary>What programs have written to standard output, and to standard error; empty if there is none.</summary>
    public required byte[][] Output { get; init; }

    /// <summary>How many calls have not ended.</summary>
    public required int Live { get; init; }

    /// <summary>Whether nothing goes on in this process, so that it gives the store back.</summary>
    public required bool IsReleased { get; init; }

    /// <summary>When the store is to go on, if it is given back; null if only an event has it go on.</summary>
    public long? Due { get; init; }

    /// <summary>Whether the store ends with its calls.</summary>
    public bool IsLast => Live == 0 && !Store.IsKept && Snapshot is not null;

    /// <summary>Writes it.</summary>
    /// <param name="session">The transaction.</param>
    /// <returns>The events that were there already for the waits that have begun, by their keys; null if the store is another process's by now, so that nothing is written.</returns>
    public async Task<Dictionary<string, string>?> WriteAsync(Session session)
    {
        // First of all, as it locks the row: who raises an event does so, too. A store without a snapshot to write is given back, so that something changes.
        var changes = new List<string>();
        if (Snapshot is not null)
            changes.Add("snapshot = @snapshot");
        if (IsReleased)
            changes.Add("owner = NULL, due = @due");
        var changed = await session.ExecuteAsync(
            $"UPDATE fermata_stores SET {string.Join(", ", changes)} WHERE name = @name AND epoch = @epoch",
            ("snapshot", Snapshot is { Length: 0 } ? null : Snapshot), ("due", Due), ("name", Store.Name), ("epoch", Store.Epoch)).ConfigureAwait(false);
        if (changed == 0)
            return null;
        foreach (var call in Ended)
        {
            await session.QueueAsync(
                $"UPDATE fermata_calls SET state = @state, results = @results, error = @error, changed = @now WHERE key = @key AND state = {(int)DurableCallState.Running}",
                ("state", (long)call.State), ("results", call.Results), ("error", call.Error), ("now", session.Now), ("key", call.Key)).ConfigureAwait(false);
        }

        await StoreRows.AddOutputAsync(session, Store.Name, Number, Output).ConfigureAwait(false);
        var hasOthers = IsReleased && await HasOtherCallsAsync(session).ConfigureAwait(false);
        var events = new Dictionary<string, string>();
        if (IsLast && !hasOthers)
        {
            await StoreRows.DeleteAsync(session, Store.Name).ConfigureAwait(false);
            return events;
        }

        if (Snapshot is not null)
            await WriteStateAsync(session, events).ConfigureAwait(false);
        if (events.Count > 0 || hasOthers)
            await session.QueueAsync("UPDATE fermata_stores SET due = 0 WHERE name = @name", ("name", Store.Name)).ConfigureAwait(false);
        return events;
    }

    private async Task WriteStateAsync(Session session, Dictionary<string, string> events)
    {
        await WritePagesAsync(session).ConfigureAwait(false);
        foreach (var key in Taken)
            await session.QueueAsync("DELETE FROM fermata_waits WHERE store = @store AND key = @key", ("store", Store.Name), ("key", key)).ConfigureAwait(false);
        foreach (var wait in Begun)
        {
            var content = wait.Asked.Event is { } name ? await StoreRows.TakeEventAsync(session, Store.Name, name).ConfigureAwait(false) : null;
            if (content is not null)
                events.Add(wait.Key, content);
            await session.QueueAsync(
                "INSERT INTO fermata_waits (store, key, function, request, event, due, result) VALUES (@store, @key, @function, @request, @event, @due, @result)",
                ("store", Store.Name), ("key", wait.Key), ("function", wait.Function.Name), ("request", wait.Asked.Request), ("event", wait.Asked.Event), ("due", wait.Asked.Due), ("result", content)).ConfigureAwait(false);
        }
    }

    /// <summary>Whether there are calls for the store that it does not know yet.</summary>
    private async Task<bool> HasOtherCallsAsync(Session session)
    {
        var counts = await session.QueryAsync(
            $"SELECT COUNT(*) FROM fermata_calls WHERE store = @store AND state = {(int)DurableCallState.Running}", static row => row.GetInt64(0), ("store", Store.Name)).ConfigureAwait(false);
        return counts[0] > Live;
    }

    private async Task WritePagesAsync(Session session)
    {
        WrittenPages.Clear();
        foreach (var (page, bytes) in Pages.Added)
        {
            var name = page.ToArray();
            if (!KnownPages.Has(page, session.Now))
            {
                await session.QueueAsync(
                    "INSERT INTO fermata_pages (name, bytes, touched) VALUES (@name, @bytes, @now) ON CONFLICT (name) DO UPDATE SET touched = excluded.touched",
                    ("name", name), ("bytes", bytes), ("now", session.Now)).ConfigureAwait(false);
                WrittenPages.Add((page, session.Now));
            }

            await session.QueueAsync(
                "INSERT INTO fermata_store_pages (store, page) VALUES (@store, @page) ON CONFLICT DO NOTHING", ("store", Store.Name), ("page", name)).ConfigureAwait(false);
        }

        foreach (var page in FormerPages.Where(page => !Pages.All.Contains(page)))
            await session.QueueAsync("DELETE FROM fermata_store_pages WHERE store = @store AND page = @page", ("store", Store.Name), ("page", page.ToArray())).ConfigureAwait(false);
    }
}

/// <summary>What a call has ended with.</summary>
internal sealed record EndedCall(string Key, DurableCallState State, byte[]? Results, string? Error);
