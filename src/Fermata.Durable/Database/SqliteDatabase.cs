using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Fermata.Durable;

/// <summary>A file of SQLite. One process writes at a time, and others wait for it.</summary>
internal sealed class SqliteDatabase(string path) : DurableDatabase
{
    private readonly string _connection = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 60 }.ToString();

    public override string Name => path;

    internal override string LockOfPicked => "";

    internal override string LockOfSchema => "SELECT 1";

    internal override async Task<DbConnection> OpenAsync()
    {
        var connection = new SqliteConnection(_connection);
        try
        {
            await connection.OpenAsync().ConfigureAwait(false);
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";
            await command.ExecuteNonQueryAsync().ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    internal override Task<DbTransaction> BeginAsync(DbConnection connection) =>
        Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(deferred: false));

    internal override Task<DbTransaction> BeginReadAsync(DbConnection connection) =>
        Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(deferred: true));
}
