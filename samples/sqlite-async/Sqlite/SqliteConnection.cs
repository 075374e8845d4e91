namespace Fermata.Samples.SqliteAsync;

/// <summary>A connection to a database. Its calls are done one after another, as SQLite has it; those of other connections go on while one waits.</summary>
internal sealed class SqliteConnection : IAsyncDisposable
{
    private readonly SqliteInstance _sqlite;
    private readonly int _database;
    private readonly SemaphoreSlim _turn = new(1);

    private SqliteConnection(SqliteInstance sqlite, int database) => (_sqlite, _database) = (sqlite, database);

    public static async Task<SqliteConnection> OpenAsync(SqliteInstance sqlite, string name, TimeSpan busyTimeout, OpenFlags flags)
    {
        using var text = GuestBytes.OfText(sqlite.Instance, name);
        using var result = GuestBytes.Of(sqlite.Instance, new byte[sizeof(int)]);
        var code = await CallAsync(sqlite, "sqlite3_open_v2", text.Address, result.Address, (int)flags, 0);
        var connection = new SqliteConnection(sqlite, sqlite.Instance.Memory.Read<int>(result.Address));
        try
        {
            connection.Check(code);
            connection.Check(await CallAsync(sqlite, "sqlite3_extended_result_codes", connection._database, 1));
            connection.Check(await CallAsync(sqlite, "sqlite3_busy_timeout", connection._database, (int)busyTimeout.TotalMilliseconds));
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs SQL.</summary>
    /// <param name="sql">One statement or several.</param>
    /// <param name="parameters">The values of the parameters of each.</param>
    /// <returns>The rows of all of them.</returns>
    /// <exception cref="SqliteException">SQLite fails.</exception>
    public async Task<IReadOnlyList<object?[]>> ExecuteAsync(string sql, params object?[] parameters)
    {
        await _turn.WaitAsync();
        try
        {
            var rows = new List<object?[]>();
            using var text = GuestBytes.OfText(_sqlite.Instance, sql);
            using var results = GuestBytes.Of(_sqlite.Instance, new byte[2 * sizeof(int)]);
            for (var position = text.Address; position < text.Address + text.Length;)
            {
                var rest = text.Address + text.Length - position;
                Check(await CallAsync("sqlite3_prepare_v2", _database, position, rest, results.Address, results.Address + sizeof(int)));
                var statement = _sqlite.Instance.Memory.Read<int>(results.Address);
                position = _sqlite.Instance.Memory.Read<int>(results.Address + sizeof(int));

                // What is only space or a comment is no statement.
                if (statement != 0)
                    await StepAsync(statement, parameters, rows);
            }

            return rows;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Adds a function of SQL, for this connection. A statement that calls it waits as long as it does.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="parameters">How many parameters it has.</param>
    /// <param name="function">What it does; what it throws is an error of the statement.</param>
    public async Task CreateFunctionAsync(string name, int parameters, Func<IReadOnlyList<object?>, CancellationToken, ValueTask<object?>> function) =>
        Check(await _sqlite.CreateFunctionAsync(_database, name, parameters, function));

    /// <summary>Has what runs fail with <see cref="ResultCode.Interrupt"/>, as soon as it does not wait.</summary>
    public Task InterruptAsync() => _sqlite.Instance.GetFunction("sqlite3_interrupt").InvokeAsync(_database);

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        await CallAsync("sqlite3_close_v2", _database);
        _turn.Dispose();
    }

    private static async Task<ResultCode> CallAsync(SqliteInstance sqlite, string function, params Value[] arguments) =>
        (ResultCode)(await sqlite.Instance.GetFunction(function).InvokeAsync(arguments))[0].AsI32();

    private Task<ResultCode> CallAsync(string function, params Value[] arguments) => CallAsync(_sqlite, function, arguments);

    private async Task StepAsync(int statement, object?[] parameters, List<object?[]> rows)
    {
        try
        {
            foreach (var (index, value) in parameters.Index())
                Check((ResultCode)_sqlite.Values.Bind(statement, index + 1, value));
            var columns = _sqlite.Instance.GetFunction("sqlite3_column_count").Invoke(statement)[0].AsI32();
            while (true)
            {
                var code = await CallAsync("sqlite3_step", statement);
                if (code == ResultCode.Done)
                    return;
                if (code != ResultCode.Row)
                    Check(code);
                rows.Add([.. Enumerable.Range(0, columns).Select(column => _sqlite.Values.ReadColumn(statement, column))]);
            }
        }
        finally
        {
            await CallAsync("sqlite3_finalize", statement);
        }
    }

    private void Check(ResultCode code)
    {
        if (code == ResultCode.Ok)
            return;
        var message = _sqlite.Instance.Memory.ReadUtf8(_sqlite.Instance.GetFunction("sqlite3_errmsg").Invoke(_database)[0].AsI32());
        throw new SqliteException(code, message);
    }
}
