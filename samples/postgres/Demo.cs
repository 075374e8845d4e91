using System.Globalization;
using Fermata.Platform.FileSystems;
using Npgsql;
using NpgsqlTypes;

namespace Fermata.Samples.Postgres;

/// <summary>A shop whose database is in the process.</summary>
internal static class Demo
{
    private const int Sales = 10_000, Questions = 50;

    private const string Schema =
        """
        drop table if exists sale, item;
        create table item(id int primary key, name text unique not null, price numeric(10, 2) not null, tags text[] not null, details jsonb not null, picture bytea not null);
        create table sale(item int not null references item, at timestamptz not null, pieces int not null);
        """;

    private const string Best =
        """
        select item.name, sum(sale.pieces), sum(sale.pieces * item.price), max(sale.at)
        from sale join item on item.id = sale.item where item.details->>'kind' = $1 group by item.name order by 3 desc limit 3
        """;

    private const string Endless = "select count(*) from generate_series(1, 1000000) a cross join generate_series(1, 1000000) b";

    private static readonly DateTime Opening = new(2026, 1, 1, 9, 0, 0, DateTimeKind.Utc);

    /// <summary>Runs it.</summary>
    /// <param name="package">PGlite.</param>
    /// <param name="data">The directory of data, as <see cref="Initdb"/> has made it.</param>
    /// <param name="output">Where to tell what happens.</param>
    public static async Task RunAsync(PostgresPackage package, FileSystem data, TextWriter output)
    {
        await using var backend = await PostgresBackend.StartAsync(package, data);
        await using (var server = PostgresServer.Start(backend))
        await using (var shop = NpgsqlDataSource.Create(server.ConnectionString))
        {
            await TellVersionAsync(shop, output);
            await FillAsync(shop, output);
            await TellBestAsync(shop, output);
            await RollBackAsync(shop, output);
            await InsertTwiceAsync(shop, output);
            await AskAtOnceAsync(shop, output);
            await CancelAsync(shop, output);
        }

        await backend.StopAsync();
    }

    private static async Task TellVersionAsync(NpgsqlDataSource shop, TextWriter output)
    {
        await using var connection = await shop.OpenConnectionAsync();
        await output.WriteLineAsync($"PostgreSQL {connection.PostgreSqlVersion} runs in this process.");
    }

    private static async Task FillAsync(NpgsqlDataSource shop, TextWriter output)
    {
        await using var connection = await shop.OpenConnectionAsync();
        await using (var schema = new NpgsqlCommand(Schema, connection))
            await schema.ExecuteNonQueryAsync();
        await using (var insert = new NpgsqlCommand("insert into item values ($1, $2, $3, $4, $5, $6)", connection))
        {
            for (var id = 1; id <= 20; id++)
            {
                insert.Parameters.Clear();
                insert.Parameters.AddRange(ItemOf(id));
                await insert.ExecuteNonQueryAsync();
            }
        }

        await using var copy = await connection.BeginBinaryImportAsync("copy sale from stdin (format binary)");
        for (var sale = 0; sale < Sales; sale++)
            await copy.WriteRowAsync(default, 1 + (sale * 7919 % 20), Opening.AddMinutes(sale), 1 + (sale % 3));
        await output.WriteLineAsync($"COPY has taken {await copy.CompleteAsync()} sales.");
    }

    private static NpgsqlParameter[] ItemOf(int id) =>
    [
        new() { Value = id },
        new() { Value = string.Create(CultureInfo.InvariantCulture, $"item {id:D2}") },
        new() { Value = id * 3.75m },
        new() { Value = new[] { "new", id % 2 == 0 ? "even" : "odd" } },
        new() { Value = id % 2 == 0 ? """{"kind": "book"}""" : """{"kind": "game"}""", NpgsqlDbType = NpgsqlDbType.Jsonb },
        new() { Value = new byte[1000 * id] },
    ];

    private static async Task TellBestAsync(NpgsqlDataSource shop, TextWriter output)
    {
        await using var command = shop.CreateCommand(Best);
        command.Parameters.AddWithValue("book");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{reader.GetString(0)}: {reader.GetInt64(1)} pieces for {reader.GetDecimal(2)}, the last at {reader.GetDateTime(3):yyyy-MM-dd HH:mm}"));
        }
    }

    private static async Task RollBackAsync(NpgsqlDataSource shop, TextWriter output)
    {
        await using var connection = await shop.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var delete = new NpgsqlCommand("delete from sale", connection, transaction);
            await output.WriteAsync($"A transaction deletes {await delete.ExecuteNonQueryAsync()} sales; ");
            await transaction.RollbackAsync();
        }

        await using var count = new NpgsqlCommand("select count(*) from sale", connection);
        await output.WriteLineAsync($"when it has been rolled back, there are {await count.ExecuteScalarAsync()}.");
    }

    private static async Task InsertTwiceAsync(NpgsqlDataSource shop, TextWriter output)
    {
        await using var command = shop.CreateCommand("insert into item select 100, name, price, tags, details, picture from item where id = $1");
        command.Parameters.AddWithValue(7);
        try
        {
            await command.ExecuteNonQueryAsync();
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            await output.WriteLineAsync($"{e.SqlState}: {e.MessageText}");
        }
    }

    private static async Task AskAtOnceAsync(NpgsqlDataSource shop, TextWriter output)
    {
        var answers = await Task.WhenAll(Enumerable.Range(1, Questions).Select(AskAsync));
        await output.WriteLineAsync($"{Questions} questions at once have found {answers.Sum()} bytes of pictures.");

        async Task<int> AskAsync(int question)
        {
            await using var command = shop.CreateCommand("select picture from item where id = $1");
            command.Parameters.AddWithValue(1 + (question % 20));
            return ((byte[])(await command.ExecuteScalarAsync())!).Length;
        }
    }

    private static async Task CancelAsync(NpgsqlDataSource shop, TextWriter output)
    {
        await using var command = shop.CreateCommand(Endless);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(0.5));
        try
        {
            await command.ExecuteScalarAsync(patience.Token);
        }
        catch (OperationCanceledException e)
        {
            await output.WriteLineAsync($"{(e.InnerException as PostgresException)?.SqlState}: {(e.InnerException as PostgresException)?.MessageText}");
        }
    }
}
