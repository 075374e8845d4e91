namespace Fermata.Durable;

/// <summary>What is done with the rows of a store and its calls, whoever runs it.</summary>
internal static class StoreRows
{
    /// <summary>Adds a call, and the store if it is not there.</summary>
    /// <returns>Whether it was added; if not, there is one with the key already.</returns>
    public static async Task<bool> AddCallAsync(Session session, CallRow call, byte[] module, bool isKept)
    {
        var added = await session.ExecuteAsync(
            $"""
            INSERT INTO fermata_calls ({CallRow.Columns}) VALUES (@key, @store, @export, @arguments, @state, 0, @deadline, NULL, NULL, @now, @now) ON CONFLICT (key) DO NOTHING
            """,
            ("key", call.Key), ("store", call.Store), ("export", call.Export), ("arguments", call.Arguments), ("state", (long)call.State), ("deadline", call.Deadline), ("now", session.Now)).ConfigureAwait(false);
        if (added == 0)
            return false;
        await session.QueueAsync(
            """
            INSERT INTO fermata_stores (name, module, is_kept, epoch, owner, due, snapshot, error) VALUES (@name, @module, @kept, 0, NULL, 0, NULL, NULL)
            ON CONFLICT (name) DO UPDATE SET due = CASE WHEN fermata_stores.owner IS NULL THEN 0 ELSE fermata_stores.due END
            """,
            ("name", call.Store), ("module", module), ("kept", isKept ? 1L : 0L)).ConfigureAwait(false);
        var modules = await session.QueryAsync("SELECT module FROM fermata_stores WHERE name = @name", static row => row.GetFieldValue<byte[]>(0), ("name", call.Store)).ConfigureAwait(false);
        if (!modules[0].AsSpan().SequenceEqual(module))
            throw new ArgumentException($"The store '{call.Store}' is of another module.");
        return true;
    }

    /// <summary>Deletes a store and what belongs to it, but for its calls.</summary>
    public static async Task DeleteAsync(Session session, string store)
    {
        foreach (var table in (string[])["fermata_waits", "fermata_events", "fermata_store_pages"])
            await session.QueueAsync($"DELETE FROM {table} WHERE store = @store", ("store", store)).ConfigureAwait(false);
        await session.QueueAsync("DELETE FROM fermata_stores WHERE name = @store", ("store", store)).ConfigureAwait(false);
    }

    /// <summary>Keeps what a function of the host has answered.</summary>
    /// <returns>Whether the store is still this process's.</returns>
    public static async Task<bool> AnswerAsync(Session session, StoreRow store, string key, string? result, string? error)
    {
        // The row is locked, as by a commit, so that the store cannot be taken away in between.
        if (await session.ExecuteAsync("UPDATE fermata_stores SET name = name WHERE name = @name AND epoch = @epoch", ("name", store.Name), ("epoch", store.Epoch)).ConfigureAwait(false) == 0)
            return false;
        await session.QueueAsync(
            "UPDATE fermata_waits SET result = @result, error = @error WHERE store = @store AND key = @key",
            ("result", result), ("error", error), ("store", store.Name), ("key", key)).ConfigureAwait(false);
        return true;
    }

    /// <summary>Gives an event to the wait that has waited longest for it, or keeps it for the next.</summary>
    /// <returns>The key of the wait; null if there is none.</returns>
    /// <exception cref="KeyNotFoundException">There is no such store.</exception>
    public static async Task<string?> RaiseAsync(Session session, string store, string eventName, string content)
    {
        if (await session.ExecuteAsync("UPDATE fermata_stores SET name = name WHERE name = @name", ("name", store)).ConfigureAwait(false) == 0)
            throw new KeyNotFoundException($"There is no store '{store}': none was made, or all of its calls have ended.");
        var waits = await session.QueryAsync(
            "SELECT key FROM fermata_waits WHERE store = @store AND event = @event AND result IS NULL AND error IS NULL ORDER BY key LIMIT 1",
            static row => row.GetString(0), ("store", store), ("event", eventName)).ConfigureAwait(false);
        if (waits is not [var key])
        {
            await session.QueueAsync(
                "INSERT INTO fermata_events (id, store, event, content, raised) VALUES (@id, @store, @event, @content, @now)",
                ("id", Guid.CreateVersion7().ToString("N")), ("store", store), ("event", eventName), ("content", content), ("now", session.Now)).ConfigureAwait(false);
            return null;
        }

        await session.QueueAsync("UPDATE fermata_waits SET result = @result WHERE store = @store AND key = @key", ("result", content), ("store", store), ("key", key)).ConfigureAwait(false);
        await session.QueueAsync("UPDATE fermata_stores SET due = 0 WHERE name = @store AND owner IS NULL", ("store", store)).ConfigureAwait(false);
        return key;
    }

    /// <summary>Takes the oldest event of a name that nobody has waited for yet.</summary>
    public static async Task<string?> TakeEventAsync(Session session, string store, string eventName)
    {
        var events = await session.QueryAsync(
            "SELECT id, content FROM fermata_events WHERE store = @store AND event = @event ORDER BY id LIMIT 1",
            static row => (Id: row.GetString(0), Content: row.GetString(1)), ("store", store), ("event", eventName)).ConfigureAwait(false);
        if (events is not [var (id, content)])
            return null;
        await session.QueueAsync("DELETE FROM fermata_events WHERE id = @id", ("id", id)).ConfigureAwait(false);
        return content;
    }

    /// <summary>Has a call be cancelled by whoever runs its store.</summary>
    /// <returns>The call; null if it has ended, or there is none.</returns>
    public static async Task<CallRow?> CancelAsync(Session session, string key)
    {
        var calls = await session.QueryAsync(
            $"UPDATE fermata_calls SET is_cancelled = 1 WHERE key = @key AND state = {(int)DurableCallState.Running} RETURNING {CallRow.Columns}", CallRow.Read, ("key", key)).ConfigureAwait(false);
        if (calls is not [var call])
            return null;
        await session.ExecuteAsync("UPDATE fermata_stores SET due = 0 WHERE name = @store AND owner IS NULL", ("store", call.Store)).ConfigureAwait(false);
        return call;
    }

    /// <summary>Has a call that failed, or whose store cannot be gone on with, be tried again from its last commit; functions of the host that had failed are called again.</summary>
    /// <returns>Whether there is such a call.</returns>
    public static async Task<bool> RetryAsync(Session session, string key)
    {
        var stores = await session.QueryAsync(
            $"""
            UPDATE fermata_calls SET state = {(int)DurableCallState.Running}, is_cancelled = 0, deadline = NULL, error = NULL, changed = @now
            WHERE key = @key AND (state = {(int)DurableCallState.Failed} OR (state = {(int)DurableCallState.Running} AND EXISTS (SELECT 1 FROM fermata_stores s WHERE s.name = fermata_calls.store AND s.error IS NOT NULL))) RETURNING store
            """,
            static row => row.GetString(0), ("key", key), ("now", session.Now)).ConfigureAwait(false);
        if (stores is not [var store])
            return false;
        await session.ExecuteAsync("UPDATE fermata_waits SET error = NULL WHERE store = @store AND error IS NOT NULL", ("store", store)).ConfigureAwait(false);
        await session.ExecuteAsync(
            "UPDATE fermata_stores SET error = NULL, due = CASE WHEN owner IS NULL THEN 0 ELSE due END WHERE name = @store", ("store", store)).ConfigureAwait(false);
        return true;
    }

    /// <summary>Forgets a call that has ended, and the store that was kept for another try.</summary>
    /// <returns>Whether there was one that has ended.</returns>
    public static async Task<bool> ForgetAsync(Session session, string key)
    {
        var stores = await session.QueryAsync(
            $"DELETE FROM fermata_calls WHERE key = @key AND state <> {(int)DurableCallState.Running} RETURNING store", static row => row.GetString(0), ("key", key)).ConfigureAwait(false);
        if (stores is not [var store])
            return false;
        var isIdle = await session.QueryAsync(
            "SELECT 1 FROM fermata_stores WHERE name = @store AND is_kept = 0 AND NOT EXISTS (SELECT 1 FROM fermata_calls c WHERE c.store = @store)", static _ => true, ("store", store)).ConfigureAwait(false);
        if (isIdle.Count > 0)
            await DeleteAsync(session, store).ConfigureAwait(false);
        await session.ExecuteAsync(
            "DELETE FROM fermata_output WHERE store = @store AND NOT EXISTS (SELECT 1 FROM fermata_stores WHERE name = @store) AND NOT EXISTS (SELECT 1 FROM fermata_calls WHERE store = @store)",
            ("store", store)).ConfigureAwait(false);
        return true;
    }

    /// <summary>Adds what a program has written.</summary>
    /// <param name="session">The transaction, in which the row of the store is locked.</param>
    /// <param name="store">The store.</param>
    /// <param name="commit">The number of the commit.</param>
    /// <param name="output">What it has written to standard output, and to standard error.</param>
    public static async Task AddOutputAsync(Session session, string store, long commit, byte[][] output)
    {
        foreach (var (stream, content) in output.Index())
        {
            if (content.Length == 0)
                continue;
            await session.QueueAsync(
                "INSERT INTO fermata_output (store, number, is_error, content) VALUES (@store, @number, @error, @content)",
                ("store", store), ("number", commit), ("error", (long)stream), ("content", content)).ConfigureAwait(false);
        }
    }

    /// <summary>What a program has written to standard output, or to standard error, as far as it is committed.</summary>
    public static async Task<byte[]> ReadOutputAsync(Session session, string store, bool isError)
    {
        using var output = new MemoryStream();
        var contents = await session.QueryAsync(
            "SELECT content FROM fermata_output WHERE store = @store AND is_error = @error ORDER BY number", static row => row.GetFieldValue<byte[]>(0),
            ("store", store), ("error", isError ? 1L : 0L)).ConfigureAwait(false);
        contents.ForEach(content => output.Write(content));
        return output.ToArray();
    }

    /// <summary>What others have done to the stores of a process: events that were raised, and calls that were added or cancelled.</summary>
    public static async Task<(List<WaitRow> Raised, List<CallRow> Calls)> NewsAsync(Session session, string owner)
    {
        var raised = await session.QueryAsync(
            $"SELECT {WaitRow.Columns} FROM fermata_waits WHERE event IS NOT NULL AND result IS NOT NULL AND store IN (SELECT name FROM fermata_stores WHERE owner = @owner)",
            WaitRow.Read, ("owner", owner)).ConfigureAwait(false);
        var calls = await session.QueryAsync(
            $"SELECT {CallRow.Columns} FROM fermata_calls WHERE state = {(int)DurableCallState.Running} AND store IN (SELECT name FROM fermata_stores WHERE owner = @owner)",
            CallRow.Read, ("owner", owner)).ConfigureAwait(false);
        return (raised, calls);
    }
}
