using System.Globalization;
using Fermata.Samples.SqliteAsync;

namespace Fermata.Emscripten.Tests;

/// <summary>SQLite as wa-sqlite has it: its operating system and its functions are async methods, or it has Emscripten's files.</summary>
public sealed class SqliteTests : IDisposable
{
    /// <summary>Longer than anything takes that does not hang.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("fermata-sqlite-").FullName;

    public static TheoryData<bool> Modes => [false, true];

    /// <summary>Statements whose rows are compared with those of native SQLite.</summary>
    private static readonly string[] Statements =
    [
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b TEXT COLLATE NOCASE, UNIQUE (a, b))",
        "INSERT INTO t VALUES (9223372036854775807, 1.5e300, 'Grüße, 世界 🌍'), (-9223372036854775808, x'00ff10', ''), (0, NULL, 'null')",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO t SELECT i, i * 1.25, printf('%08x', i * 2654435761) FROM n",
        "SELECT * FROM t ORDER BY id LIMIT 5",
        "SELECT * FROM t ORDER BY id DESC LIMIT 5",
        "SELECT count(*), sum(a), min(b), max(b), total(id % 7), group_concat(id % 10, '') FROM t WHERE id BETWEEN 1 AND 200",
        "SELECT a.id, b.id FROM t a JOIN t b ON b.id = a.id * 3 WHERE a.b LIKE '%F0%' ORDER BY 1, 2",
        "CREATE INDEX t_b ON t (b DESC)",
        "SELECT id FROM t WHERE b > 'e0000000' ORDER BY b LIMIT 7",
        "UPDATE t SET a = a + 1 WHERE id % 3 = 0 RETURNING id, a",
        "DELETE FROM t WHERE id % 5 = 0",
        "SELECT sum(a) OVER (ORDER BY id ROWS 2 PRECEDING) FROM t WHERE id BETWEEN 10 AND 30",
        "SELECT json_extract('{\"a\": [1, {\"b\": 2.5}]}', '$.a[1].b'), upper('abc'), round(2.5), 7 / 2, -7 % 3, 0.1 + 0.2, hex(zeroblob(3))",
        "PRAGMA integrity_check",
        "SELECT date('2024-02-30', '+1 month'), strftime('%s', '2001-09-09 01:46:40'), julianday('2000-01-01')",
    ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [NpmTheory]
    [MemberData(nameof(Modes))]
    public async Task FilesOfEmscriptenHoldDatabases(bool suspendsEverywhere)
    {
        var files = new MemoryFileSystem();
        await using (var sqlite = await StartAsync(suspendsEverywhere, host: new EmscriptenHost().WithDirectory("/data", files)))
        await using (var connection = await sqlite.OpenAsync("/data/a.db"))
            await AssertAsNative(connection);

        // Another instance finds what the first has written.
        Assert.False(files.Exists("/a.db-journal"));
        await using (var sqlite = await StartAsync(suspendsEverywhere, host: new EmscriptenHost().WithDirectory("/data", files)))
        await using (var connection = await sqlite.OpenAsync("/data/a.db", flags: OpenFlags.ReadOnly))
        {
            Assert.Equal(["ok"], (await connection.ExecuteAsync("PRAGMA integrity_check")).Single());
            var failure = await Assert.ThrowsAsync<SqliteException>(() => connection.ExecuteAsync("DELETE FROM t"));
            Assert.Equal((ResultCode.ReadOnly, "attempt to write a readonly database"), (failure.Code, failure.Message));
        }
    }

    [NpmTheory]
    [MemberData(nameof(Modes))]
    public async Task DatabasesOfTheHostAreThoseOfNativeSqlite(bool suspendsEverywhere)
    {
        var path = Path.Combine(_folder, "shared.db");
        var host = new EmscriptenHost().WithDirectory("/data", new HostFileSystem(_folder));
        await using var sqlite = await StartAsync(suspendsEverywhere, host: host);
        foreach (var mode in new[] { "delete", "truncate", "persist" })
        {
            await using var connection = await sqlite.OpenAsync("/data/shared.db");
            Assert.Equal([mode], (await connection.ExecuteAsync($"PRAGMA journal_mode = {mode}")).Single());
            await connection.ExecuteAsync("DROP TABLE IF EXISTS t; CREATE TABLE t (a); INSERT INTO t VALUES (1), ('two'), (3.5)");
            using var native = new NativeSqlite(path);
            Assert.Equal([[1L], ["two"], [3.5]], native.Execute("SELECT a FROM t ORDER BY rowid"));
            native.Execute("INSERT INTO t VALUES (x'04')");
            Assert.Equal([4L, "04"], (await connection.ExecuteAsync("SELECT count(*), hex(max(a)) FROM t")).Single());
        }
    }

    [NpmTheory]
    [MemberData(nameof(Modes))]
    public async Task TwoConnectionsSeeOneDatabaseOfEmscriptensFiles(bool suspendsEverywhere)
    {
        await using var sqlite = await StartAsync(suspendsEverywhere, host: new EmscriptenHost().WithDirectory("/data", new MemoryFileSystem()));
        await using var first = await sqlite.OpenAsync("/data/a.db");
        await using var second = await sqlite.OpenAsync("/data/a.db");
        await first.ExecuteAsync("CREATE TABLE t (a); INSERT INTO t VALUES (1); BEGIN IMMEDIATE; UPDATE t SET a = 2");
        Assert.Equal([1L], (await second.ExecuteAsync("SELECT a FROM t")).Single());
        await AssertFails(ResultCode.Busy, "database is locked", second.ExecuteAsync("UPDATE t SET a = 3"));
        await first.ExecuteAsync("COMMIT");
        Assert.Equal([2L], (await second.ExecuteAsync("SELECT a FROM t")).Single());
    }

    [NpmTheory]
    [MemberData(nameof(Modes))]
    public async Task TwoInstancesLockAFolderOfTheHost(bool suspendsEverywhere)
    {
        await using var sqlite = await StartAsync(suspendsEverywhere, host: NewHost());
        await using var second = await StartAsync(suspendsEverywhere, host: NewHost());
        await using var reader = await second.OpenAsync("/data/a.db");
        await using (var third = await StartAsync(suspendsEverywhere, host: NewHost()))
        {
            var writer = await third.OpenAsync("/data/a.db");
            await writer.ExecuteAsync("CREATE TABLE t (a); INSERT INTO t VALUES (1); BEGIN IMMEDIATE; UPDATE t SET a = 2");
            Assert.Equal([1L], (await reader.ExecuteAsync("SELECT a FROM t")).Single());
            await AssertFails(ResultCode.Busy, "database is locked", reader.ExecuteAsync("UPDATE t SET a = 3"));
            await writer.ExecuteAsync("COMMIT; BEGIN EXCLUSIVE");
            await AssertFails(ResultCode.Busy, "database is locked", reader.ExecuteAsync("SELECT a FROM t"));
        }

        // The locks of the third have gone with it.
        await reader.ExecuteAsync("UPDATE t SET a = 4");
        await using var connection = await sqlite.OpenAsync("/data/a.db");
        Assert.Equal([4L], (await connection.ExecuteAsync("SELECT a FROM t")).Single());

        EmscriptenHost NewHost() => new EmscriptenHost().WithDirectory("/data", new HostFileSystem(_folder));
    }

    /// <summary>Also through a file system that a host wrote around the folder.</summary>
    [NpmTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ALockedDatabaseOfTheHostIsLockedForNativeSqlite(bool isWrapped)
    {
        FileSystem folder = new HostFileSystem(_folder);
        await using var sqlite = await StartAsync(suspendsEverywhere: false, host: new EmscriptenHost().WithDirectory("/data", isWrapped ? new YieldingFileSystem(folder) : folder));
        await using var connection = await sqlite.OpenAsync("/data/a.db");
        await connection.ExecuteAsync("CREATE TABLE t (a); INSERT INTO t VALUES (1); BEGIN IMMEDIATE; UPDATE t SET a = 2");
        using var native = new NativeSqlite(Path.Combine(_folder, "a.db") + ";Default Timeout=1");
        Assert.Equal([[1L]], native.Execute("SELECT a FROM t"));
        Assert.Contains("locked", Assert.ThrowsAny<Exception>(() => native.Execute("UPDATE t SET a = 3")).Message, StringComparison.Ordinal);
        await connection.ExecuteAsync("COMMIT");
        native.Execute("UPDATE t SET a = a + 2");
        Assert.Equal([4L], (await connection.ExecuteAsync("SELECT a FROM t")).Single());
    }

    [NpmTheory]
    [MemberData(nameof(Modes))]
    public async Task ADatabaseIsWhereItsPagesAreWaitedFor(bool suspendsEverywhere)
    {
        var pages = new PageHandler();
        await using var sqlite = await StartAsync(suspendsEverywhere, pages.NewVfs());
        await using var connection = await sqlite.OpenAsync("a.db");
        await AssertAsNative(connection);
    }

    [NpmTheory(IsHeavy = true)]
    [MemberData(nameof(Modes))]
    public async Task ManyQueriesWaitAtOnceOnOneInstance(bool suspendsEverywhere)
    {
        const int count = 50;
        var pages = new PageHandler();
        await using var sqlite = await StartAsync(suspendsEverywhere, pages.NewVfs());
        await using (var connection = await sqlite.OpenAsync("a.db"))
            await connection.ExecuteAsync("CREATE TABLE t (id INTEGER PRIMARY KEY, a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO t SELECT i, hex(i) FROM n");
        var connections = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => sqlite.OpenAsync("a.db")));

        // No page comes before all have asked for one.
        var all = new Rendezvous(count);
        pages.Before = _ => all.ArriveAsync();
        var rows = await Task.WhenAll(connections.Select((connection, i) => connection.ExecuteAsync("SELECT a, (SELECT count(*) FROM t) FROM t WHERE id = ?", i * 97L + 1))).WaitAsync(Patience);
        Assert.Equal(count, all.MostAtOnce);
        Assert.Equal(Enumerable.Range(0, count).Select(i => (Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes((i * 97 + 1).ToString(CultureInfo.InvariantCulture))), 5000L)), rows.Select(row => ((string)row.Single()[0]!, (long)row.Single()[1]!)));
        foreach (var connection in connections)
            await connection.DisposeAsync();
    }

    [NpmTheory]
    [MemberData(nameof(Modes))]
    public async Task FunctionsOfSqlWaitAtOnce(bool suspendsEverywhere)
    {
        const int count = 30;
        await using var sqlite = await StartAsync(suspendsEverywhere);
        var all = new Rendezvous(count);
        var texts = await Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
        {
            await using var connection = await sqlite.OpenAsync(":memory:");
            await connection.CreateFunctionAsync("fetch", 2, async (arguments, _) =>
            {
                await all.ArriveAsync();
                return $"{arguments[0]}/{arguments[1]}/{i}";
            });
            return (string)(await connection.ExecuteAsync("SELECT group_concat(fetch(i, ?1), ' ') FROM (SELECT 1 AS i UNION ALL SELECT 2)", 2.5 + i)).Single()[0]!;
        })).WaitAsync(Patience);
        Assert.Equal(count, all.MostAtOnce);
        Assert.Equal(Enumerable.Range(0, count).Select(i => FormattableString.Invariant($"1/{2.5 + i}/{i} 2/{2.5 + i}/{i}")), texts);
    }

    [NpmTheory]
    [MemberData(nameof(Modes))]
    public async Task ValuesPassThroughFunctionsAsTheyAre(bool suspendsEverywhere)
    {
        await using var sqlite = await StartAsync(suspendsEverywhere);
        await using var connection = await sqlite.OpenAsync(":memory:");
        await connection.CreateFunctionAsync("same", 1, async (arguments, _) =>
        {
            await Task.Yield();
            return arguments[0];
        });
        foreach (var value in new object?[] { null, 0L, -1L, long.MaxValue, long.MinValue, 1L << 31, uint.MaxValue + 0L, 1e-300, double.PositiveInfinity, "", "a\0b", "🌍", new byte[] { 0, 1, 255 } })
        {
            var row = (await connection.ExecuteAsync("SELECT same(?1), typeof(same(?1)) = typeof(?1), same(?1) IS ?1", value)).Single();
            Assert.Equal([value, 1L, 1L], row);
        }
    }

    [NpmTheory]
    [MemberData(nameof(Modes))]
    public async Task AFunctionAsksTheSameInstance(bool suspendsEverywhere)
    {
        await using var sqlite = await StartAsync(suspendsEverywhere, new PageHandler().NewVfs());
        await using var outer = await sqlite.OpenAsync("outer.db");
        await using var inner = await sqlite.OpenAsync("inner.db");
        await inner.ExecuteAsync("CREATE TABLE t (k, v); INSERT INTO t VALUES ('a', 1), ('b', 2)");
        await outer.CreateFunctionAsync("look_up", 1, async (arguments, _) => (await inner.ExecuteAsync("SELECT v FROM t WHERE k = ?", arguments[0])).Single()[0]);
        Assert.Equal([3L], (await outer.ExecuteAsync("SELECT look_up('a') + look_up('b')")).Single());
    }

    [NpmTheory]
    [MemberData(nameof(Modes))]
    public async Task ErrorsAreThoseOfSqlite(bool suspendsEverywhere)
    {
        var pages = new PageHandler();
        await using var sqlite = await StartAsync(suspendsEverywhere, pages.NewVfs());
        await AssertFails(ResultCode.CantOpen, "unable to open database file", sqlite.OpenAsync("none.db", flags: OpenFlags.ReadWrite));
        await using var connection = await sqlite.OpenAsync("a.db");
        await connection.ExecuteAsync("CREATE TABLE t (a INTEGER PRIMARY KEY, b NOT NULL)");
        await AssertFails(ResultCode.Error, "near \"SELEKT\": syntax error", connection.ExecuteAsync("SELEKT 1"));
        await AssertFails(ResultCode.Error, "no such table: none", connection.ExecuteAsync("SELECT * FROM none"));
        await AssertFails(ResultCode.Constraint | (ResultCode)(5 << 8), "NOT NULL constraint failed: t.b", connection.ExecuteAsync("INSERT INTO t VALUES (1, NULL)"));
        await connection.CreateFunctionAsync("fail", 0, async (_, _) =>
        {
            await Task.Yield();
            throw new InvalidOperationException("not today, 世界");
        });
        await AssertFails(ResultCode.Error, "not today, 世界", connection.ExecuteAsync("SELECT fail()"));
        await connection.ExecuteAsync("INSERT INTO t VALUES (1, 'after all errors')");
        Assert.Equal(["after all errors"], (await connection.ExecuteAsync("SELECT b FROM t")).Single());
    }

    [NpmTheory]
    [MemberData(nameof(Modes))]
    public async Task WhatTheHostCannotReadOrWriteIsAnErrorAndTheTransactionIsUndone(bool suspendsEverywhere)
    {
        var pages = new PageHandler();
        await using var sqlite = await StartAsync(suspendsEverywhere, pages.NewVfs());
        await using (var connection = await sqlite.OpenAsync("a.db"))
        {
            await connection.ExecuteAsync("CREATE TABLE t (a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO t SELECT i FROM n");

            // The third page of those that the transaction changes is not taken.
            var left = 2;
            pages.Before = method => method == HttpMethod.Put && left-- == 0 ? Task.FromException(new HttpRequestException("the store is full")) : Task.CompletedTask;
            await AssertFails(ResultCode.IoErrorWrite, "disk I/O error", connection.ExecuteAsync("UPDATE t SET a = -a"));
            Assert.Equal([2_001_000L], (await connection.ExecuteAsync("SELECT sum(a) FROM t")).Single());
        }

        await using (var connection = await sqlite.OpenAsync("a.db"))
        {
            pages.Before = method => method == HttpMethod.Get ? Task.FromException(new HttpRequestException("the store is not there")) : Task.CompletedTask;
            var failure = await Assert.ThrowsAsync<SqliteException>(() => connection.ExecuteAsync("SELECT sum(a) FROM t"));
            Assert.Equal(ResultCode.IoError, (ResultCode)((int)failure.Code & 0xff));
            pages.Before = _ => Task.CompletedTask;
            Assert.Equal([2_001_000L, "ok"], (await connection.ExecuteAsync("SELECT sum(a), (SELECT * FROM pragma_integrity_check) FROM t")).Single());
        }
    }

    [NpmTheory]
    [MemberData(nameof(Modes))]
    public async Task WritersWaitForEachOtherAndReadersForNobody(bool suspendsEverywhere)
    {
        var vfs = new PageHandler().NewVfs();

        // Two instances lock each other out as two connections of one do.
        await using var sqlite = await StartAsync(suspendsEverywhere, vfs);
        await using var other = await StartAsync(suspendsEverywhere, vfs);
        foreach (var second in new[] { sqlite, other })
        {
            // It waits, too, as whoever waits for it reads for a moment before.
            await using var writer = await sqlite.OpenAsync("a.db", Patience);
            await using var hasty = await second.OpenAsync("a.db");
            await using var patient = await second.OpenAsync("a.db", Patience);
            await writer.ExecuteAsync("DROP TABLE IF EXISTS t; CREATE TABLE t (a); INSERT INTO t VALUES (1)");

            TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously), agreed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            await writer.CreateFunctionAsync("ask", 1, async (arguments, _) =>
            {
                asked.SetResult();
                await agreed.Task;
                return arguments[0];
            });
            var transaction = writer.ExecuteAsync("BEGIN IMMEDIATE; UPDATE t SET a = ask(2); COMMIT");
            await asked.Task.WaitAsync(Patience);

            // The journal is there while others read: it is that of a transaction which goes on.
            Assert.Equal([1L], (await hasty.ExecuteAsync("SELECT a FROM t")).Single());
            await AssertFails(ResultCode.Busy, "database is locked", hasty.ExecuteAsync("UPDATE t SET a = 0"));
            var waiting = patient.ExecuteAsync("UPDATE t SET a = a * 10");
            while (!second.Instance.Store.Fibers.Any(fiber => fiber.WaitsFor == "env.ipppi_async"))
                await Task.Delay(1);
            agreed.SetResult();
            await transaction.WaitAsync(Patience);
            await waiting.WaitAsync(Patience);
            Assert.Equal([20L], (await hasty.ExecuteAsync("SELECT a FROM t")).Single());
        }
    }

    [NpmTheory]
    [MemberData(nameof(Modes))]
    public async Task WhatAnInstanceLeavesInTheMiddleOfATransactionIsUndone(bool suspendsEverywhere)
    {
        var pages = new PageHandler();
        var vfs = pages.NewVfs();
        await using (var sqlite = await StartAsync(suspendsEverywhere, vfs))
        {
            var connection = await sqlite.OpenAsync("a.db");
            await connection.ExecuteAsync("CREATE TABLE t (a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO t SELECT i FROM n");
            var (left, stuck) = (2, new TaskCompletionSource());
            pages.Before = method =>
            {
                if (method != HttpMethod.Put || left-- > 0)
                    return Task.CompletedTask;
                stuck.TrySetResult();
                return Task.Delay(Timeout.Infinite);
            };
            _ = connection.ExecuteAsync("UPDATE t SET a = -a");
            await stuck.Task.WaitAsync(Patience);
        }

        // The files of the instance were closed with it, and have no locks any more.
        pages.Before = _ => Task.CompletedTask;
        await using var next = await StartAsync(suspendsEverywhere, vfs);
        await using var reader = await next.OpenAsync("a.db");
        Assert.Equal([2_001_000L], (await reader.ExecuteAsync("SELECT sum(a) FROM t")).Single());
    }

    [NpmTheory]
    [MemberData(nameof(Modes))]
    public async Task AQueryIsInterruptedBetweenItsWaits(bool suspendsEverywhere)
    {
        await using var sqlite = await StartAsync(suspendsEverywhere);
        await using var connection = await sqlite.OpenAsync(":memory:");
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await connection.CreateFunctionAsync("next", 1, async (arguments, _) =>
        {
            await Task.Yield();
            if (arguments[0] is 10L)
                running.SetResult();
            return (long)arguments[0]! + 1;
        });
        var endless = connection.ExecuteAsync("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT next(i) FROM n) SELECT count(*) FROM n");
        await running.Task.WaitAsync(Patience);
        await connection.InterruptAsync();
        await AssertFails(ResultCode.Interrupt, "interrupted", endless.WaitAsync(Patience));
        Assert.Equal([1L], (await connection.ExecuteAsync("SELECT 1")).Single());
    }

    private static async Task<SqliteInstance> StartAsync(bool suspendsEverywhere, ISqliteVfs? vfs = null, EmscriptenHost? host = null) =>
        await SqliteInstance.StartAsync(await NpmProgram.LoadAsync("@journeyapps/wa-sqlite", "dist/wa-sqlite-jspi.wasm", suspendsEverywhere), vfs, host);

    private static async Task AssertAsNative(SqliteConnection connection)
    {
        using var native = new NativeSqlite();
        foreach (var statement in Statements)
            Assert.Equal(native.Execute(statement), await connection.ExecuteAsync(statement));
    }

    private static async Task AssertFails(ResultCode code, string message, Task task)
    {
        var failure = await Assert.ThrowsAsync<SqliteException>(() => task);
        Assert.Equal((code, message), (failure.Code, failure.Message));
    }
}
