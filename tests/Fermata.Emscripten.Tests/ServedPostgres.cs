using Fermata.Samples.Postgres;
using Npgsql;

namespace Fermata.Emscripten.Tests;

/// <summary>A PostgreSQL on new data, which is served to those who connect.</summary>
internal sealed class ServedPostgres : IAsyncDisposable
{
    private ServedPostgres(PostgresBackend backend)
    {
        Backend = backend;
        Server = PostgresServer.Start(backend);
        Pool = NpgsqlDataSource.Create(ConnectionString);
    }

    public PostgresBackend Backend { get; }

    public PostgresServer Server { get; }

    public NpgsqlDataSource Pool { get; }

    /// <summary>Waits longer than anything takes that does not hang.</summary>
    private string ConnectionString => Server.ConnectionString + ";Timeout=60;Command Timeout=60;Cancellation Timeout=0";

    public static async Task<ServedPostgres> StartAsync(bool suspendsEverywhere) => new(await PostgresPrograms.StartAsync(suspendsEverywhere));

    /// <summary>A connection that is of no pool.</summary>
    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>A connection without Npgsql.</summary>
    /// <param name="encrypted">Whether it asks for encryption first.</param>
    public Task<RawClient> ConnectRawAsync(bool encrypted = false) => RawClient.ConnectAsync(new NpgsqlConnectionStringBuilder(ConnectionString).Port, encrypted);

    public async Task ExecuteAsync(string statements)
    {
        await using var command = Pool.CreateCommand(statements);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<object?> ScalarAsync(string query)
    {
        await using var command = Pool.CreateCommand(query);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Pool.DisposeAsync();
        await Server.DisposeAsync();
        await Backend.DisposeAsync();
    }
}
