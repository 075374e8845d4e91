using System.Data;
using System.Data.Common;
using Npgsql;

namespace Fermata.Durable;

/// <summary>A database of PostgreSQL.</summary>
internal sealed class PostgreSqlDatabase(string connectionString) : DurableDatabase
{
    /// <summary>How many statements PostgreSQL keeps prepared for a connection: there are some fifty.</summary>
    private const int MostPrepared = 100;

    private readonly NpgsqlConnectionStringBuilder _settings = Settings(connectionString);

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

    private static NpgsqlConnectionStringBuilder Settings(string connectionString)
    {
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (!given.ContainsKey("Max Auto Prepare") && !given.ContainsKey("MaxAutoPrepare"))
            settings.MaxAutoPrepare = MostPrepared;
        return settings;
    }
}
