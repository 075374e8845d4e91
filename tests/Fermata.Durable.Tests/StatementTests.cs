using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Fermata.Durable.Tests;

/// <summary>What statements read: with a hundred thousand calls that wait, no call may take longer than with one.</summary>
public sealed class StatementTests
{
    /// <summary>Those that are told of many calls.</summary>
    private static readonly string[] OfMany = ["SELECT COUNT(*) FROM fermata_calls WHERE state = ", "ORDER BY c.created DESC"];

    [Fact]
    public async Task NoStatementLooksAtAllCalls()
    {
        using var database = TestDatabase.Open("SQLite");
        var traced = new TracedDatabase(database.Database);
        var fails = true;
        var (host, module) = await Guest.OpenAsync(traced, (_, value) => value == 77 && fails ? throw new InvalidOperationException("no stock") : Task.FromResult(value), static options => options with
        {
            Engine = new Engine(new EngineOptions { UsesFuel = true }),
            FuelPerCommit = 100_000,
            ShortestAbsence = TimeSpan.FromMilliseconds(10),
        });
        await using (host)
        {
            await host.StartAsync();
            await host.StartCallAsync("order", module, "order", [1, 1]);
            await host.StartCallAsync("shared", module, "sum", [3], new DurableCallOptions { Store = "store" });
            await host.StartCallAsync("other", module, "sum", [3], new DurableCallOptions { Store = "store" });
            await host.StartCallAsync("count", module, "count", [1_000_000L]);
            await host.StartCallAsync("sleep", module, "sleep", [100]);
            await host.StartCallAsync("event", module, "event", [5]);
            await host.StartCallAsync("cancelled", module, "event", [6]);
            await host.StartCallAsync("failed", module, "fail", [77]);
            await host.RaiseAsync("event", "event 5", 1);
            await host.RaiseAsync("event", "event 5", 2);
            foreach (var key in (string[])["order", "shared", "other", "count", "sleep", "event"])
                await host.GetResultsAsync(key).WaitAsync(TimeSpan.FromMinutes(5));
            Assert.True(await host.CancelAsync("cancelled"));
            await Assert.ThrowsAsync<DurableCallException>(() => host.GetResultsAsync("cancelled").WaitAsync(TimeSpan.FromMinutes(5)));
            await Assert.ThrowsAsync<DurableCallException>(() => host.GetResultsAsync("failed").WaitAsync(TimeSpan.FromMinutes(5)));
            fails = false;
            Assert.True(await host.RetryAsync("failed"));
            await host.GetResultsAsync("failed").WaitAsync(TimeSpan.FromMinutes(5));
            await host.StartCallAsync("waiting", module, "event", [7]);
            while (database.Query("SELECT key FROM fermata_waits").Count == 0)
                await Task.Delay(10);
            Assert.Single(await host.InspectAsync("waiting"));
            Assert.True(await host.ForgetAsync("order"));
            Assert.Equal(8, (await host.ListAsync()).Count);
            Assert.Equal(1, await host.CountAsync(DurableCallState.Running));

            // What others have done is asked for while something runs.
            while (!traced.Statements.Keys.Any(static statement => statement.Contains("result IS NOT NULL", StringComparison.Ordinal)))
            {
                await host.StartCallAsync($"{Guid.NewGuid()}", module, "sum", [1]);
                await Task.Delay(10);
            }
        }

        Assert.InRange(traced.Statements.Count, 30, 10_000);
        var ofOne = traced.Statements.Keys.Where(static statement => !OfMany.Any(many => statement.Contains(many, StringComparison.Ordinal)));
        Assert.Empty(ofOne.SelectMany(statement => database.Query("EXPLAIN QUERY PLAN " + statement, column: 3).Where(IsOfMany).Select(step => $"{step}: {statement}")));
    }

    /// <summary>Whether a step goes through a table, other than that of the processes, or through the calls of a state.</summary>
    private static bool IsOfMany(object step)
    {
        var text = (string)step;
        return text.Contains("fermata_calls_state", StringComparison.Ordinal)
            || (text.StartsWith("SCAN", StringComparison.Ordinal) && text is not ("SCAN fermata_owners" or "SCAN fermata_writers" or "SCAN CONSTANT ROW"));
    }

    /// <summary>Notes all statements.</summary>
    private sealed class TracedDatabase(DurableDatabase database) : WrappedDatabase(database)
    {
        public ConcurrentDictionary<string, bool> Statements { get; } = new();

        internal override async Task<DbConnection> OpenAsync()
        {
            var connection = await base.OpenAsync();
            raw.sqlite3_trace(((SqliteConnection)connection).Handle, Note, null);
            return connection;
        }

        private void Note(object data, string statement)
        {
            if (statement.Split(' ')[0] is "SELECT" or "INSERT" or "UPDATE" or "DELETE")
                Statements[statement] = true;
        }
    }
}
