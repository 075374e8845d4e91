using System.Data.Common;

namespace Fermata.Durable;

/// <summary>A connection, and the transaction if there is one: what statements run in.</summary>
internal sealed class Session(DurableDatabase database, DbConnection connection, DbTransaction? transaction, long now)
{
    public DurableDatabase Database => database;

    /// <summary>The time, in milliseconds since 1970.</summary>
    public long Now => now;

    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it has changed.</returns>
    public async Task<int> ExecuteAsync(string sql, params (string Name, object? Value)[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    /// <summary>Runs a statement that gives rows.</summary>
    public async Task<List<T>> QueryAsync<T>(string sql, Func<DbDataReader, T> read, params (string Name, object? Value)[] parameters)
    {
        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
        var rows = new List<T>();
        while (await reader.ReadAsync().ConfigureAwait(false))
            rows.Add(read(reader));
        return rows;
    }

    private DbCommand Command(string sql, (string Name, object? Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
            if (value is null)
                parameter.DbType = name is "snapshot" or "results" ? System.Data.DbType.Binary : name is "due" or "deadline" ? System.Data.DbType.Int64 : System.Data.DbType.String;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
