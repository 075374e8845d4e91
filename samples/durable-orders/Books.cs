using System.Data.Common;
using System.Text.Json;
using Fermata.Durable;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Fermata.Samples.DurableOrders;

/// <summary>
/// What the shop, its warehouse and its courier know, in tables of their own. Who was killed before an answer was recorded asks again under the same key; so each key is in the books once, with the
/// answer that it was given.
/// </summary>
/// <param name="connect">Makes a connection.</param>
/// <param name="lockTables">Keeps other processes from making the tables at the same time, until the transaction ends.</param>
/// <param name="timeBetweenLorries">How long after shelves were filled they are filled again.</param>
internal sealed class Books(Func<DbConnection> connect, string lockTables, TimeSpan timeBetweenLorries)
{
    private const int ShelfSize = 6;

    /// <summary>What the shop has, and the cents for one piece.</summary>
    public static IReadOnlyDictionary<string, int> Prices { get; } = new Dictionary<string, int> { ["chair"] = 8000, ["clock"] = 4500, ["desk"] = 24000, ["lamp"] = 3500, ["rug"] = 12000 };

    /// <summary>How this process is called, as <see cref="DurableCallInfo.Process"/> has it.</summary>
    public static string Process { get; } = $"{Environment.MachineName}:{Environment.ProcessId}";

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private long LorryBefore => Now - (long)timeBetweenLorries.TotalMilliseconds;

    /// <summary>The books in a file of SQLite.</summary>
    public static Books InSqlite(string path, TimeSpan timeBetweenLorries) =>
        new(() => new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 60 }.ToString()), "SELECT 1", timeBetweenLorries);

    /// <summary>The books in a database of PostgreSQL.</summary>
    public static Books InPostgreSql(string connectionString, TimeSpan timeBetweenLorries) =>
        new(() => new NpgsqlConnection(connectionString), "SELECT pg_advisory_xact_lock(4711)", timeBetweenLorries);

    /// <summary>Makes the tables if they are not there.</summary>
    public Task CreateAsync() => WithAsync(async connection =>
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, lockTables);
        await ExecuteAsync(
            connection,
            """
            CREATE TABLE IF NOT EXISTS shop_orders (number BIGINT PRIMARY KEY, lines TEXT NOT NULL, language BIGINT NOT NULL, is_started BIGINT NOT NULL);
            CREATE TABLE IF NOT EXISTS shop_shelves (item TEXT PRIMARY KEY, pieces BIGINT NOT NULL, filled BIGINT NOT NULL);
            CREATE TABLE IF NOT EXISTS shop_entries (
                key TEXT PRIMARY KEY, number BIGINT NOT NULL, what TEXT NOT NULL, answer BIGINT NOT NULL, process TEXT NOT NULL, attempts BIGINT NOT NULL, at BIGINT NOT NULL);
            CREATE INDEX IF NOT EXISTS shop_entries_number ON shop_entries (number)
            """);
        foreach (var item in Prices.Keys)
            await ExecuteAsync(connection, "INSERT INTO shop_shelves (item, pieces, filled) VALUES (@item, @pieces, @now) ON CONFLICT DO NOTHING", ("item", item), ("pieces", ShelfSize), ("now", Now));
        await transaction.CommitAsync();
        return true;
    });

    /// <summary>Adds an order.</summary>
    /// <returns>Its number.</returns>
    public Task<int> AddAsync(IReadOnlyList<Line> lines, Language language) => WithAsync(async connection =>
    {
        while (true)
        {
            // Nothing comes back if another process has just taken the number.
            var numbers = await QueryAsync(
                connection,
                "INSERT INTO shop_orders (number, lines, language, is_started) SELECT COALESCE(MAX(number), 0) + 1, @lines, @language, 0 FROM shop_orders WHERE true ON CONFLICT DO NOTHING RETURNING number",
                static row => (int)row.GetInt64(0),
                ("lines", JsonSerializer.Serialize(lines)),
                ("language", (long)language));
            if (numbers is [var number])
                return number;
        }
    });

    /// <summary>The orders for which a call may not have been started.</summary>
    public Task<List<(int Order, Language Language)>> NotStartedAsync() => WithAsync(static connection => QueryAsync(
        connection, "SELECT number, language FROM shop_orders WHERE is_started = 0", static row => ((int)row.GetInt64(0), (Language)row.GetInt64(1))));

    /// <summary>Notes that an order's call was started.</summary>
    public Task NoteStartAsync(int order) => WithAsync(connection => ExecuteAsync(connection, "UPDATE shop_orders SET is_started = 1 WHERE number = @order", ("order", order)));

    /// <summary>What was ordered, by the numbers of the orders; <paramref name="first"/> to <paramref name="last"/>.</summary>
    public Task<Dictionary<int, Line[]>> LinesAsync(int first, int last) => WithAsync(async connection => (await QueryAsync(
        connection,
        "SELECT number, lines FROM shop_orders WHERE number BETWEEN @first AND @last",
        static row => (Number: (int)row.GetInt64(0), Lines: JsonSerializer.Deserialize<Line[]>(row.GetString(1))!),
        ("first", first),
        ("last", last))).ToDictionary(static order => order.Number, static order => order.Lines));

    /// <summary>What was done for orders, in order.</summary>
    public Task<List<Entry>> EntriesAsync(int first, int last) => WithAsync(connection => QueryAsync(
        connection,
        "SELECT number, what, process, attempts FROM shop_entries WHERE number BETWEEN @first AND @last ORDER BY at, key",
        static row => new Entry((int)row.GetInt64(0), row.GetString(1), row.GetString(2), (int)row.GetInt64(3)),
        ("first", first),
        ("last", last)));

    /// <summary>How many pieces there are, by items.</summary>
    public Task<Dictionary<string, int>> ShelvesAsync() => WithAsync(async connection => (await QueryAsync(
        connection,
        "SELECT item, CASE WHEN filled <= @old THEN @size ELSE pieces END FROM shop_shelves ORDER BY item",
        static row => (Item: row.GetString(0), Pieces: (int)row.GetInt64(1)),
        ("old", LorryBefore),
        ("size", (long)ShelfSize))).ToDictionary(static shelf => shelf.Item, static shelf => shelf.Pieces));

    /// <summary>Puts pieces aside, if there are enough.</summary>
    /// <returns>Whether there are.</returns>
    public async Task<bool> ReserveAsync(string key, int order, string item, int pieces)
    {
        // A lorry fills the shelf, which is noted when somebody asks for something the next time.
        const string There = "CASE WHEN filled <= @old THEN @size ELSE pieces END";
        return await OnceAsync(key, order, $"{pieces} × {item}", 1, async connection => await ExecuteAsync(
            connection,
            $"UPDATE shop_shelves SET pieces = {There} - @pieces, filled = CASE WHEN filled <= @old THEN @now ELSE filled END WHERE item = @item AND {There} >= @pieces",
            ("item", item),
            ("pieces", (long)pieces),
            ("size", (long)ShelfSize),
            ("old", LorryBefore),
            ("now", Now)) == 1) == 1;
    }

    /// <summary>Notes what was done.</summary>
    /// <returns>The answer, or that which the same question was given before.</returns>
    public async Task<int> NoteAsync(string key, int order, string what, int answer) => (await OnceAsync(key, order, what, answer, static _ => Task.FromResult(true)))!.Value;

    /// <summary>Does something, unless it was done already under the key.</summary>
    /// <returns>The answer, which may be that of the first time; null if it could not be done, of which nothing is noted.</returns>
    private Task<int?> OnceAsync(string key, int order, string what, int answer, Func<DbConnection, Task<bool>> act) => WithAsync(async connection =>
    {
        await using var transaction = await connection.BeginTransactionAsync();

        // First of all, so that of two who ask at once one waits for the other.
        var answers = await QueryAsync(
            connection,
            """
            INSERT INTO shop_entries (key, number, what, answer, process, attempts, at) VALUES (@key, @number, @what, @answer, @process, 1, @now)
            ON CONFLICT (key) DO UPDATE SET attempts = shop_entries.attempts + 1 RETURNING answer, attempts
            """,
            static row => (Answer: (int)row.GetInt64(0), IsFirst: row.GetInt64(1) == 1),
            ("key", key),
            ("number", (long)order),
            ("what", what),
            ("answer", (long)answer),
            ("process", Process),
            ("now", Now));
        if (answers[0].IsFirst && !await act(connection))
        {
            await transaction.RollbackAsync();
            return null;
        }

        await transaction.CommitAsync();
        return (int?)answers[0].Answer;
    });

    private async Task<T> WithAsync<T>(Func<DbConnection, Task<T>> act)
    {
        await using var connection = connect();
        await connection.OpenAsync();
        return await act(connection);
    }

    private static async Task<int> ExecuteAsync(DbConnection connection, string sql, params (string Name, object Value)[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<T>> QueryAsync<T>(DbConnection connection, string sql, Func<DbDataReader, T> read, params (string Name, object Value)[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(read(reader));
        return rows;
    }

    private static DbCommand Command(DbConnection connection, string sql, (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
