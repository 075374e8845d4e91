using System.Net;
using System.Text;
using Fermata.Samples.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Fermata.Emscripten.Tests;

/// <summary>PostgreSQL as Npgsql finds it, at the other end of a connection.</summary>
public sealed class PostgresServerTests
{
    /// <summary>Longer than anything takes that does not hang.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private const string Endless =
        "do $$ begin raise notice 'runs'; perform count(*) from generate_series(1, 1000000) a cross join generate_series(1, 1000000) b; end $$";

    public static TheoryData<bool> Modes => [false, true];

    [NpmTheory(IsHeavy = true)]
    [MemberData(nameof(Modes))]
    public async Task ValuesComeBackAsTheyWent(bool suspendsEverywhere)
    {
        var bytes = new byte[1 << 20];
        new Random(1).NextBytes(bytes);
        object[] values =
        [
            bytes, 12345678901234567890.123456789m, -0.5m, new DateTime(2026, 11, 28, 13, 14, 15, 678, DateTimeKind.Utc), new DateTime(1999, 12, 31), new DateOnly(1, 1, 1),
            new TimeSpan(1, 2, 3), Guid.Parse("01234567-89ab-cdef-0123-456789abcdef"), new int[] { 1, int.MinValue, 3 }, new string?[] { "Grüße, 世界 🌍", null, "" }, new long[,] { { 1, 2 }, { 3, 4 } },
            true, (short)-7, long.MaxValue, double.Epsilon, float.NaN, "", IPAddress.Parse("2001:db8::1"), DBNull.Value,
        ];
        await using var postgres = await ServedPostgres.StartAsync(suspendsEverywhere);
        await using var connection = await postgres.Pool.OpenConnectionAsync();
        await using var command = new NpgsqlCommand($"select {string.Join(", ", values.Select((_, index) => $"${index + 1}"))}, $1 = $1 || ''::bytea", connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        Assert.Equal(bytes, reader.GetFieldValue<byte[]>(0));
        Assert.Equal(new string?[] { "Grüße, 世界 🌍", null, "" }, reader.GetFieldValue<string?[]>(9));
        Assert.Equal(new long[,] { { 1, 2 }, { 3, 4 } }, reader.GetFieldValue<long[,]>(10));
        Assert.Equal(new DateOnly(1, 1, 1), reader.GetFieldValue<DateOnly>(5));
        int[] others = [.. Enumerable.Range(0, values.Length).Except([0, 5, 9, 10])];
        Assert.Equal(others.Select(index => values[index]), others.Select(reader.GetValue));
        Assert.True(reader.GetBoolean(values.Length));
    }

    [NpmTheory(IsHeavy = true)]
    [MemberData(nameof(Modes))]
    public async Task DocumentsAreSearched(bool suspendsEverywhere)
    {
        await using var postgres = await ServedPostgres.StartAsync(suspendsEverywhere);
        await postgres.ExecuteAsync("create table document(content jsonb)");
        await using (var insert = postgres.Pool.CreateCommand("insert into document values ($1)"))
        {
            insert.Parameters.Add(new NpgsqlParameter { Value = """{"tags": ["a", "b"], "size": 1.50}""", NpgsqlDbType = NpgsqlDbType.Jsonb });
            Assert.Equal(1, await insert.ExecuteNonQueryAsync());
        }

        Assert.Equal("1.50", await postgres.ScalarAsync("select content->>'size' from document where content @> '{\"tags\": [\"b\"]}'"));
    }

    [NpmTheory(IsHeavy = true)]
    [MemberData(nameof(Modes))]
    public async Task TransactionsEndWhereAStatementFails(bool suspendsEverywhere)
    {
        await using var postgres = await ServedPostgres.StartAsync(suspendsEverywhere);
        await postgres.ExecuteAsync("create table t(id int primary key)");
        await using var connection = await postgres.Pool.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await InsertAsync(1);
            await transaction.SaveAsync("first");
            var failure = await Assert.ThrowsAsync<PostgresException>(() => InsertAsync(1));
            Assert.Equal((PostgresErrorCodes.UniqueViolation, "t_pkey", "t"), (failure.SqlState, failure.ConstraintName, failure.TableName));
            Assert.Equal(PostgresErrorCodes.InFailedSqlTransaction, (await Assert.ThrowsAsync<PostgresException>(() => InsertAsync(2))).SqlState);
            await transaction.RollbackAsync("first");
            await InsertAsync(3);
            await transaction.CommitAsync();
        }

        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await InsertAsync(4);
            await transaction.RollbackAsync();
        }

        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new("insert into t values (5)"), new("select 1 / 0"), new("insert into t values (6)") } };
        Assert.Equal(PostgresErrorCodes.DivisionByZero, (await Assert.ThrowsAsync<PostgresException>(() => batch.ExecuteNonQueryAsync())).SqlState);
        await using var rows = new NpgsqlCommand("select array_agg(id order by id)::text from t", connection);
        Assert.Equal("{1,3}", await rows.ExecuteScalarAsync());

        async Task InsertAsync(int id)
        {
            await using var insert = new NpgsqlCommand("insert into t values ($1)", connection) { Parameters = { new() { Value = id } } };
            await insert.ExecuteNonQueryAsync();
        }
    }

    [NpmTheory(IsHeavy = true)]
    [MemberData(nameof(Modes))]
    public async Task StatementsArePreparedOnce(bool suspendsEverywhere)
    {
        await using var postgres = await ServedPostgres.StartAsync(suspendsEverywhere);
        for (var session = 0; session < 2; session++)
        {
            await using var connection = await postgres.ConnectAsync();
            await using var command = new NpgsqlCommand("select $1 * 2", connection) { Parameters = { new NpgsqlParameter<int>() } };
            await command.PrepareAsync();
            for (var number = 0; number < 20; number++)
            {
                command.Parameters[0].Value = number;
                Assert.Equal(number * 2, await command.ExecuteScalarAsync());
            }

            await using var count = new NpgsqlCommand("select count(*) from pg_prepared_statements", connection);
            Assert.Equal(1L, await count.ExecuteScalarAsync());
        }
    }

    [NpmTheory(IsHeavy = true)]
    [MemberData(nameof(Modes))]
    public async Task APoolIsAskedFromManySides(bool suspendsEverywhere)
    {
        await using var postgres = await ServedPostgres.StartAsync(suspendsEverywhere);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => postgres.ScalarAsync($"select sum(n) from generate_series(1, {number}) n")));
        Assert.Equal(Enumerable.Range(0, 50).Select(number => number == 0 ? DBNull.Value : (object)((long)number * (number + 1) / 2)), answers);
    }

    [NpmTheory(IsHeavy = true)]
    [MemberData(nameof(Modes))]
    public async Task RowsAreCopied(bool suspendsEverywhere)
    {
        await using var postgres = await ServedPostgres.StartAsync(suspendsEverywhere);
        await postgres.ExecuteAsync("create table t(id int, name text)");
        await using var connection = await postgres.Pool.OpenConnectionAsync();
        await using (var copy = await connection.BeginBinaryImportAsync("copy t from stdin (format binary)"))
        {
            for (var row = 0; row < 1000; row++)
                await copy.WriteRowAsync(default, row, $"name {row}");
            Assert.Equal(1000ul, await copy.CompleteAsync());
        }

        await using (var copy = await connection.BeginBinaryImportAsync("copy t from stdin (format binary)"))
            await copy.WriteRowAsync(default, 1000, "of an import that is not completed");

        using (var reader = await connection.BeginTextExportAsync("copy (select * from t order by id desc limit 2) to stdout"))
            Assert.Equal("999\tname 999\n998\tname 998\n", await reader.ReadToEndAsync());
    }

    [NpmTheory(IsHeavy = true)]
    [MemberData(nameof(Modes))]
    public async Task StatementsAreCancelled(bool suspendsEverywhere)
    {
        await using var postgres = await ServedPostgres.StartAsync(suspendsEverywhere);
        await using var connection = await postgres.Pool.OpenConnectionAsync();
        var runs = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Notice += (_, _) => runs.TrySetResult();
        await using var command = new NpgsqlCommand(Endless, connection);
        var running = command.ExecuteNonQueryAsync();
        await runs.Task.WaitAsync(Patience);
        command.Cancel();
        var cancellation = await Assert.ThrowsAsync<OperationCanceledException>(() => running.WaitAsync(Patience));
        Assert.Equal(PostgresErrorCodes.QueryCanceled, Assert.IsType<PostgresException>(cancellation.InnerException).SqlState);
        command.CommandText = "select 1";
        Assert.Equal(1, await command.ExecuteScalarAsync());
    }

    /// <summary>PostgreSQL forgets a request that it sees while it waits for a message.</summary>
    [NpmFact]
    public async Task ACancellationThatComesBetweenMessagesOfAStatementHolds()
    {
        byte[] query = [0, .. "select count(*) from generate_series(1, 1000000) a cross join generate_series(1, 1000000) b\0\0\0"u8];
        byte[] parse = [(byte)'P', 0, 0, 0, (byte)(sizeof(int) + query.Length), .. query], flush = [(byte)'H', 0, 0, 0, 4];
        byte[] bind = [(byte)'B', 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0], execute = [(byte)'E', 0, 0, 0, 9, 0, 0, 0, 0, 0];
        await using var postgres = await ServedPostgres.StartAsync(suspendsEverywhere: false);
        using var client = await postgres.ConnectRawAsync();
        await client.ExchangeAsync([.. parse, .. flush], '1');
        using var request = await client.CancelAsync();

        // The server keeps the request as long as there is something to cancel; that it has it by then nobody is told.
        await Task.WhenAny(request.GetStream().ReadAsync(new byte[1]).AsTask(), Task.Delay(TimeSpan.FromSeconds(0.1)));
        var answer = await client.ExchangeAsync([.. bind, .. execute, .. Messages.Sync]).WaitAsync(Patience);
        Assert.Contains("C57014", Encoding.ASCII.GetString(answer.Span), StringComparison.Ordinal);
        Assert.Equal(["1"], PostgresResult.Parse(await client.ExchangeAsync(Messages.Query("select 1"))).Rows);
    }

    [NpmTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ASessionLeavesNothingButWhatItCommitted(bool saysSo)
    {
        await using var postgres = await ServedPostgres.StartAsync(suspendsEverywhere: false);
        await postgres.ExecuteAsync("create table t(id int); insert into t values (1)");
        postgres.Pool.Clear();
        using (var client = await postgres.ConnectRawAsync())
        {
            await client.ExchangeAsync(Messages.Query("create temporary table u(id int); set work_mem = '123kB'; prepare p as select 1"));
            await client.ExchangeAsync(Messages.Query("begin; insert into t values (2)"));
            if (saysSo)
                await client.SendAsync(Messages.Terminate);
        }

        Assert.Equal(1L, await postgres.ScalarAsync("select count(*) from t"));
        Assert.Equal(DBNull.Value, await postgres.ScalarAsync("select to_regclass('u')::text"));
        Assert.Equal("4MB", await postgres.ScalarAsync("show work_mem"));
        Assert.Equal(0L, await postgres.ScalarAsync("select count(*) from pg_prepared_statements where name = 'p'"));
    }

    [NpmFact]
    public async Task AClientMayGoInTheMiddleOfWhatItSays()
    {
        byte[] parse = [(byte)'P', 0, 0, 0, 31, 0, .. "insert into t values (3)"u8, 0, 0, 0], bind = [(byte)'B', 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0], execute = [(byte)'E', 0, 0, 0, 9, 0, 0, 0, 0, 0];
        byte[][] beginnings =
        [
            Messages.Query("copy t from stdin"), [.. Messages.Query("copy t from stdin"), (byte)'d', 0, 0, 0, 6, (byte)'1', (byte)'\n'],
            Messages.Query("insert into t values (2)")[..20], [.. parse, .. bind, .. execute], [(byte)'P', 0, 0, 0, 8, 0, (byte)'x', 0, 0, 0], [(byte)'Q', 255, 255, 255, 255],
        ];
        await using var postgres = await ServedPostgres.StartAsync(suspendsEverywhere: false);
        await postgres.ExecuteAsync("create table t(id int)");
        foreach (var beginning in beginnings)
        {
            postgres.Pool.Clear();
            using (var client = await postgres.ConnectRawAsync())
                await client.SendAsync(beginning);
            Assert.Equal(0L, await postgres.ScalarAsync("select count(*) from t"));
        }
    }

    [NpmFact]
    public async Task EncryptionIsDenied()
    {
        await using var postgres = await ServedPostgres.StartAsync(suspendsEverywhere: false);
        using var client = await postgres.ConnectRawAsync(encrypted: true);
        Assert.Equal(["1"], PostgresResult.Parse(await client.ExchangeAsync(Messages.Query("select 1"))).Rows);
    }

    [NpmFact]
    public async Task AConnectionWaitsForTheOneBefore()
    {
        await using var postgres = await ServedPostgres.StartAsync(suspendsEverywhere: false);
        Task<NpgsqlConnection> opening;
        await using (var first = await postgres.ConnectAsync())
        {
            opening = postgres.ConnectAsync();
            for (var number = 0; number < 10; number++)
            {
                await using var command = new NpgsqlCommand("select 1", first);
                Assert.Equal(1, await command.ExecuteScalarAsync());
            }

            Assert.False(opening.IsCompleted);
        }

        await using var second = await opening.WaitAsync(Patience);
    }

    [NpmFact]
    public async Task ClientsAreToldThatTheServerHasEnded()
    {
        await using var postgres = await ServedPostgres.StartAsync(suspendsEverywhere: false);
        Assert.Equal(1, await postgres.ScalarAsync("select 1"));
        await postgres.Backend.DisposeAsync();
        var failure = await Assert.ThrowsAsync<PostgresException>(() => postgres.ScalarAsync("select 1"));
        Assert.StartsWith("57P01: PostgreSQL has ended: ", failure.Message, StringComparison.Ordinal);
    }

    [NpmFact]
    public async Task AServerThatIsDisposedEndsItsSessions()
    {
        await using var postgres = await ServedPostgres.StartAsync(suspendsEverywhere: false);
        await using var connection = await postgres.ConnectAsync();
        await postgres.Server.DisposeAsync().AsTask().WaitAsync(Patience);
        await using var command = new NpgsqlCommand("select 1", connection);
        await Assert.ThrowsAsync<NpgsqlException>(() => command.ExecuteScalarAsync());
        Assert.Equal(["2"], (await postgres.Backend.QueryAsync("select 2")).Rows);
    }
}
