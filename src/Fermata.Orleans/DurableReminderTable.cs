using System.Data.Common;
using System.Globalization;
using Fermata.Durable;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Fermata.Orleans;

/// <summary>Reminders in the database of the durable calls.</summary>
internal sealed class DurableReminderTable(DurableHostAccessor accessor, IOptions<ClusterOptions> cluster) : IReminderTable
{
    private const string Columns = "grain, name, first, period, version";

    private const string Create =
        """
        CREATE TABLE IF NOT EXISTS fermata_reminders (
            service TEXT NOT NULL, grain TEXT NOT NULL, name TEXT NOT NULL, hash BIGINT NOT NULL, first BIGINT NOT NULL, period BIGINT NOT NULL, version BIGINT NOT NULL, PRIMARY KEY (service, grain, name));
        CREATE INDEX IF NOT EXISTS fermata_reminders_hash ON fermata_reminders (service, hash)
        """;

    private string Service => cluster.Value.ServiceId;

    public Task Init() => accessor.Host.Writer.RunAsync(static async session =>
    {
        await session.ExecuteAsync(session.Database.LockOfSchema).ConfigureAwait(false);
        return await session.ExecuteAsync(Create).ConfigureAwait(false);
    });

    public async Task<ReminderTableData> ReadRows(GrainId grainId) => new(await ReadAsync("grain = @grain", ("grain", grainId.ToString())).ConfigureAwait(false));

    public async Task<ReminderTableData> ReadRows(uint begin, uint end)
    {
        // The range is of a ring, without its begin.
        var where = begin < end ? "hash > @begin AND hash <= @end" : "(hash > @begin OR hash <= @end)";
        return new ReminderTableData(await ReadAsync(where, ("begin", (long)begin), ("end", (long)end)).ConfigureAwait(false));
    }

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName)
    {
        var rows = await ReadAsync("grain = @grain AND name = @name", ("grain", grainId.ToString()), ("name", reminderName)).ConfigureAwait(false);
        return rows is [var row] ? row : null;
    }

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        var versions = await accessor.Host.Writer.RunAsync(session => session.QueryAsync(
            """
            INSERT INTO fermata_reminders (service, grain, name, hash, first, period, version) VALUES (@service, @grain, @name, @hash, @first, @period, 1)
            ON CONFLICT (service, grain, name) DO UPDATE SET first = excluded.first, period = excluded.period, version = fermata_reminders.version + 1 RETURNING version
            """,
            static row => row.GetInt64(0),
            ("service", Service),
            ("grain", entry.GrainId.ToString()),
            ("name", entry.ReminderName),
            ("hash", (long)entry.GrainId.GetUniformHashCode()),
            ("first", new DateTimeOffset(entry.StartAt, TimeSpan.Zero).ToUnixTimeMilliseconds()),
            ("period", (long)entry.Period.TotalMilliseconds))).ConfigureAwait(false);
        return versions[0].ToString(CultureInfo.InvariantCulture);
    }

    public async Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => await accessor.Host.Writer.RunAsync(session => session.ExecuteAsync(
        "DELETE FROM fermata_reminders WHERE service = @service AND grain = @grain AND name = @name AND version = @version",
        ("service", Service),
        ("grain", grainId.ToString()),
        ("name", reminderName),
        ("version", long.Parse(eTag, CultureInfo.InvariantCulture)))).ConfigureAwait(false) == 1;

    public Task TestOnlyClearTable() =>
        accessor.Host.Writer.RunAsync(session => session.ExecuteAsync("DELETE FROM fermata_reminders WHERE service = @service", ("service", Service)));

    private Task<List<ReminderEntry>> ReadAsync(string where, params (string Name, object? Value)[] parameters) => accessor.Host.ReadAsync(session =>
        session.QueryAsync($"SELECT {Columns} FROM fermata_reminders WHERE service = @service AND {where}", ReadEntry, [("service", Service), .. parameters]));

    private static ReminderEntry ReadEntry(DbDataReader row) => new()
    {
        GrainId = GrainId.Parse(row.GetString(0), CultureInfo.InvariantCulture),
        ReminderName = row.GetString(1),
        StartAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)).UtcDateTime,
        Period = TimeSpan.FromMilliseconds(row.GetInt64(3)),
        ETag = row.GetInt64(4).ToString(CultureInfo.InvariantCulture),
    };
}
