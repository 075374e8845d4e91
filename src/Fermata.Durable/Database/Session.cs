using System.Data;
using System.Data.Common;

namespace Fermata.Durable;

/// <summary>A connection, and the transaction if there is one: what statements run in.</summary>
internal sealed class Session(DurableDatabase database, DbConnection connection, DbTransaction? transaction, long now)
{
    /// <summary>What goes with the next statement; null for nothing.</summary>
    private DbBatch? _queued;

    public DurableDatabase Database => database;

    /// <summary>The time, in milliseconds since 1970.</summary>
    public long Now => now;

    /// <summary>Runs a statement of which nobody needs to know what it has changed. Where the database takes several at once it goes with the next one, or with <see cref="FlushAsync"/>.</summary>
    public async Task QueueAsync(string sql, params (string Name, object? Value)[] parameters)
    {
        if (connection.CanCreateBatch)
            Add(_queued ??= NewBatch(), sql, parameters);
        else
            await ExecuteAsync(sql, parameters).ConfigureAwait(false);
    }

    /// <summary>Runs what is queued.</summary>
    public async Task FlushAsync()
    {
        if (Dequeue() is not { } batch)
            return;
        await using (batch.ConfigureAwait(false))
            await batch.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    /// <summary>Forgets what is queued.</summary>
    public async Task ForgetAsync()
    {
        if (Dequeue() is { } batch)
            await batch.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it has changed.</returns>
    public async Task<int> ExecuteAsync(string sql, params (string Name, object? Value)[] parameters)
    {
        if (Dequeue() is { } batch)
        {
            await using (batch.ConfigureAwait(false))
            {
                var last = Add(batch, sql, parameters);
                await batch.ExecuteNonQueryAsync().ConfigureAwait(false);
                return last.RecordsAffected;
            }
        }

        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    /// <summary>Runs a statement that gives rows.</summary>
    public async Task<List<T>> QueryAsync<T>(string sql, Func<DbDataReader, T> read, params (string Name, object? Value)[] parameters)
    {
        // Of statements none of which gives rows but the last, a reader reads that one.
        if (Dequeue() is { } batch)
        {
            await using (batch.ConfigureAwait(false))
            {
                Add(batch, sql, parameters);
                await using var last = await batch.ExecuteReaderAsync().ConfigureAwait(false);
                return await ReadAsync(last, read).ConfigureAwait(false);
            }
        }

        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
        return await ReadAsync(reader, read).ConfigureAwait(false);
    }

    private static async Task<List<T>> ReadAsync<T>(DbDataReader reader, Func<DbDataReader, T> read)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync().ConfigureAwait(false))
            rows.Add(read(reader));
        return rows;
    }

    private DbBatch NewBatch()
    {
        var batch = connection.CreateBatch();
        batch.Transaction = transaction;
        return batch;
    }

    private DbBatch? Dequeue()
    {
        var batch = _queued;
        _queued = null;
        return batch;
    }

    private static DbBatchCommand Add(DbBatch batch, string sql, (string Name, object? Value)[] parameters)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = sql;
        AddParameters(command.Parameters, command.CreateParameter, parameters);
        batch.BatchCommands.Add(command);
        return command;
    }

    private DbCommand Command(string sql, (string Name, object? Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        AddParameters(command.Parameters, command.CreateParameter, parameters);
        return command;
    }

    private static void AddParameters(DbParameterCollection all, Func<DbParameter> create, (string Name, object? Value)[] parameters)
    {
        foreach (var (name, value) in parameters)
        {
            var parameter = create();
            (parameter.ParameterName, parameter.Value) = (name, value is string text ? StorableText.Require(text, name) : value ?? DBNull.Value);
            if (value is null)
                parameter.DbType = name is "snapshot" or "results" ? DbType.Binary : name is "due" or "deadline" ? DbType.Int64 : DbType.String;
            all.Add(parameter);
        }
    }
}
