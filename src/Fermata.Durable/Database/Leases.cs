using System.Data.Common;

namespace Fermata.Durable;

/// <summary>Which process runs which store. A process says again and again that it lives; the stores of one that does not any more are for others, and what it still wants to write is refused by their epochs.</summary>
internal static class Leases
{
    /// <summary>How long a page is kept that no store has, in milliseconds.</summary>
    public const long TimeOfUnusedPages = 600_000;

    private const string IsFree =
        "(s.owner IS NULL OR NOT EXISTS (SELECT 1 FROM fermata_owners o WHERE o.id = s.owner AND o.until > @now))";

    /// <summary>A name for this process that it has not had: people see where it is, and no two are the same.</summary>
    public static string NewOwner() => $"{Environment.MachineName}:{Environment.ProcessId}:{Guid.NewGuid():N}";

    /// <summary>What people call the process of an owner.</summary>
    public static string ProcessOf(string owner) => owner[..owner.LastIndexOf(':')];

    /// <summary>Says that the process lives.</summary>
    public static Task<int> RegisterAsync(Session session, string owner, TimeSpan time) => session.ExecuteAsync(
        "INSERT INTO fermata_owners (id, until) VALUES (@owner, @until)", ("owner", owner), ("until", session.Now + (long)time.TotalMilliseconds));

    /// <summary>Says that the process still lives.</summary>
    /// <returns>Whether others believed that until now.</returns>
    public static async Task<bool> RenewAsync(Session session, string owner, TimeSpan time) =>
        await session.ExecuteAsync(
            "UPDATE fermata_owners SET until = @until WHERE id = @owner AND until > @now",
            ("owner", owner), ("until", session.Now + (long)time.TotalMilliseconds), ("now", session.Now)).ConfigureAwait(false) == 1;

    /// <summary>Gives all that the process has to others.</summary>
    public static async Task<bool> EndAsync(Session session, string owner)
    {
        await session.ExecuteAsync("UPDATE fermata_stores SET owner = NULL WHERE owner = @owner", ("owner", owner)).ConfigureAwait(false);
        var old = session.Now - 86_400_000;
        await session.ExecuteAsync("DELETE FROM fermata_owners WHERE id = @owner OR until < @old", ("owner", owner), ("old", old)).ConfigureAwait(false);
        await session.ExecuteAsync("DELETE FROM fermata_writers WHERE changed < @old", ("old", old)).ConfigureAwait(false);
        return true;
    }

    /// <summary>Takes stores that are due and nobody's.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="owner">Who takes them.</param>
    /// <param name="most">How many.</param>
    public static async Task<List<StoreRow>> ClaimAsync(Session session, string owner, int most)
    {
        var stores = await session.QueryAsync(
            $"""
            UPDATE fermata_stores SET owner = @owner, epoch = epoch + 1, due = 0 WHERE name IN (
                SELECT s.name FROM fermata_stores s WHERE s.due IS NOT NULL AND s.due <= @now AND {IsFree} ORDER BY s.due LIMIT @most {session.Database.LockOfPicked})
            RETURNING name, epoch, module, is_kept, snapshot
            """,
            ReadStore,
            ("owner", owner), ("now", session.Now), ("most", most)).ConfigureAwait(false);
        foreach (var store in stores)
            await FillAsync(session, store).ConfigureAwait(false);
        return stores;
    }

    /// <summary>Takes a store that is due, whoever has it.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="owner">Who takes it.</param>
    /// <param name="name">The store.</param>
    /// <returns>The store; or null, with when it is due by itself, and whether there are calls in it that have not ended.</returns>
    public static async Task<(StoreRow? Store, long? Due, bool IsLive)> TakeAsync(Session session, string owner, string name)
    {
        var stores = await session.QueryAsync(
            "UPDATE fermata_stores SET owner = @owner, epoch = epoch + 1, due = 0 WHERE name = @name AND due <= @now RETURNING name, epoch, module, is_kept, snapshot",
            ReadStore, ("owner", owner), ("name", name), ("now", session.Now)).ConfigureAwait(false);
        if (stores is [var store])
        {
            await FillAsync(session, store).ConfigureAwait(false);
            return (store, null, true);
        }

        var waiting = await session.QueryAsync(
            $"SELECT s.due FROM fermata_stores s WHERE s.name = @name AND EXISTS (SELECT 1 FROM fermata_calls c WHERE c.store = s.name AND c.state = {(int)DurableCallState.Running})",
            static row => row.NumberOrNull(0), ("name", name)).ConfigureAwait(false);
        return (null, waiting is [var due] ? due : null, waiting.Count > 0);
    }

    /// <summary>A store as it was at its last commit, for looking at it; null if there is none.</summary>
    public static async Task<StoreRow?> ReadAsync(Session session, string name)
    {
        var stores = await session.QueryAsync("SELECT name, epoch, module, is_kept, snapshot FROM fermata_stores WHERE name = @name", ReadStore, ("name", name)).ConfigureAwait(false);
        if (stores is not [var store])
            return null;
        await FillAsync(session, store).ConfigureAwait(false);
        return store;
    }

    /// <summary>When the next store is due; null if none is.</summary>
    public static async Task<long?> NextDueAsync(Session session)
    {
        var rows = await session.QueryAsync("SELECT MIN(due) FROM fermata_stores WHERE due > @now", static row => row.NumberOrNull(0), ("now", session.Now)).ConfigureAwait(false);
        return rows[0];
    }

    /// <summary>Gives a store back that cannot be gone on with; an operator has it tried again. Calls of it that were cancelled end all the same.</summary>
    public static async Task<bool> BlockAsync(Session session, StoreRow store, string error)
    {
        if (await session.ExecuteAsync(
            "UPDATE fermata_stores SET owner = NULL, due = NULL, error = @error WHERE name = @name AND epoch = @epoch",
            ("error", error), ("name", store.Name), ("epoch", store.Epoch)).ConfigureAwait(false) == 0)
        {
            return false;
        }

        await session.ExecuteAsync(
            $"UPDATE fermata_calls SET state = {(int)DurableCallState.Cancelled}, error = @error, changed = @now WHERE store = @name AND is_cancelled = 1 AND state = {(int)DurableCallState.Running}",
            ("error", CallRow.Cancelled), ("name", store.Name), ("now", session.Now)).ConfigureAwait(false);
        var running = await session.QueryAsync(
            $"SELECT 1 FROM fermata_calls WHERE store = @name AND state = {(int)DurableCallState.Running}", static _ => true, ("name", store.Name)).ConfigureAwait(false);
        if (running.Count == 0 && !store.IsKept)
            await StoreRows.DeleteAsync(session, store.Name).ConfigureAwait(false);
        return true;
    }

    /// <summary>Forgets pages that no store has, and that none has got for so long that no transaction can be about to.</summary>
    public static Task<int> SweepPagesAsync(Session session) => session.ExecuteAsync(
        "DELETE FROM fermata_pages WHERE touched < @old AND NOT EXISTS (SELECT 1 FROM fermata_store_pages s WHERE s.page = fermata_pages.name)",
        ("old", session.Now - TimeOfUnusedPages));

    private static StoreRow ReadStore(DbDataReader row) => new(row.GetString(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2), row.GetInt64(3) != 0, row.BytesOrNull(4));

    private static async Task FillAsync(Session session, StoreRow store)
    {
        store.Calls.AddRange(await session.QueryAsync(
            $"SELECT {CallRow.Columns} FROM fermata_calls WHERE store = @store AND state = {(int)DurableCallState.Running}", CallRow.Read, ("store", store.Name)).ConfigureAwait(false));
        store.Waits.AddRange(await session.QueryAsync($"SELECT {WaitRow.Columns} FROM fermata_waits WHERE store = @store", WaitRow.Read, ("store", store.Name)).ConfigureAwait(false));
        var pages = await session.QueryAsync(
            "SELECT p.name, p.bytes FROM fermata_store_pages s JOIN fermata_pages p ON p.name = s.page WHERE s.store = @store",
            static row => (Name: PageName.Of(row.GetFieldValue<byte[]>(0)), Bytes: row.GetFieldValue<byte[]>(1)),
            ("store", store.Name)).ConfigureAwait(false);
        foreach (var (name, bytes) in pages)
            store.Pages.Add(name, bytes);
    }
}
