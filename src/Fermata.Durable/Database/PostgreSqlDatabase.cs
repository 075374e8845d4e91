using System.Data;
using System.Data.Common;
using Npgsql;

namespace Fermata.Durable;

/// <summary>A database of PostgreSQL.</summary>
internal sealed class PostgreSqlDatabase(string connectionString) : DurableDatabase
{
    private readonly NpgsqlConnectionStringBuilder _settings = new(connectionString);

    public override string Name => $"{_settings.Host}:{_settings.Port}/{_settings.Database}";

    internal override string LockOfPicked => "FOR UPDATE SKIP LOCKED";

    internal override string LockOfSchema => "SELECT pg_advisory_xact_lock(7308332172101)";

    internal override async Task<DbConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(_settings.ConnectionString);
        try
        {
            await connection.OpenAsync().ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    internal override async Task<DbTransaction> BeginAsync(DbConnection connection) =>
        await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted).ConfigureAwait(false);

    internal override async Task<DbTransaction> BeginReadAsync(DbConnection connection) =>
        await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead).ConfigureAwait(false);
}
