using System.Runtime.Versioning;
using Fermata.Samples.Postgres;

namespace Fermata.Emscripten.Tests;

public sealed class PostgresTests
{
    private const string Schema = """
        create table city(id int primary key, name text not null);
        create table trade(city int references city, amount numeric(10, 2), at date);
        insert into city values (1, 'Basel'), (2, 'Lyon'), (3, 'Genova');
        insert into trade select 1 + n % 2, n * 1.5, date '2026-01-01' + n from generate_series(1, 1000) n;
        """;

    private const string Sums = "select c.name, count(t.*), sum(t.amount), max(t.at) from city c left join trade t on t.city = c.id group by c.name order by 3 desc nulls last, 1";

    private static readonly string[] SumRows = ["Basel|500|375750.00|2028-09-27", "Lyon|500|375000.00|2028-09-26", "Genova|0|NULL|NULL"];

    [NpmTheory(IsHeavy = true)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunsStatements(bool suspendsEverywhere)
    {
        await using var postgres = await PostgresPrograms.StartAsync(suspendsEverywhere);
        await RunStatementsAsync(postgres);
    }

    [NpmTheory(IsHeavy = true)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ErrorsLeaveTheServerUsable(bool suspendsEverywhere)
    {
        await using var postgres = await PostgresPrograms.StartAsync(suspendsEverywhere);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.Equal("22012 division by zero", (await postgres.QueryAsync("select 1 / (x - x) from generate_series(1, 3) x")).Error);
            Assert.Equal(["2"], (await postgres.QueryAsync("select 1 + 1")).Rows);
        }

        Assert.Equal("42601 syntax error at or near \"selec\"", (await postgres.QueryAsync("selec 1")).Error);
        Assert.Equal('T', (await postgres.QueryAsync("begin")).Status);
        Assert.Equal('E', (await postgres.QueryAsync("select nothing")).Status);
        Assert.Equal('I', (await postgres.QueryAsync("rollback")).Status);
    }

    /// <summary>PL/pgSQL is a library that the server loads while it runs, and its handlers of exceptions are calls that <c>longjmp</c> ends, from one module to the other.</summary>
    [NpmTheory(IsHeavy = true)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LibrariesAreLoaded(bool suspendsEverywhere)
    {
        await using var postgres = await PostgresPrograms.StartAsync(suspendsEverywhere);
        var defined = await postgres.QueryAsync(
            """
            create function quotient(a int, b int) returns text language plpgsql as $$
            begin
              return a / b;
            exception when division_by_zero then
              return 'none: ' || sqlerrm;
            end $$
            """);
        Assert.Null(defined.Error);
        Assert.Equal(["3|none: division by zero|4"], (await postgres.QueryAsync("select quotient(6, 2), quotient(6, 0), quotient(8, 2)")).Rows);
        Assert.Equal(["'bird':1 'fli':2"], (await postgres.QueryAsync("select to_tsvector('english', 'birds flying')")).Rows);
    }

    [NpmTheory(IsHeavy = true)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FilesMaySuspendTheServer(bool suspendsEverywhere)
    {
        var data = new YieldingFileSystem(await PostgresPrograms.NewDataAsync(suspendsEverywhere));
        await using var postgres = await PostgresPrograms.StartAsync(suspendsEverywhere, data, new StoreOptions { AlwaysSuspend = true });
        await RunStatementsAsync(postgres);
        Assert.InRange(data.Operations, 100, int.MaxValue);
    }

    [NpmFact(IsHeavy = true)]
    [UnsupportedOSPlatform("windows")]
    public async Task DataOnTheHostIsThereForTheNextRun()
    {
        var folder = Directory.CreateTempSubdirectory("fermata-postgres-");
        try
        {
            await Initdb.RunAsync(await PostgresPrograms.LoadAsync(suspendsEverywhere: false), new HostFileSystem(folder.FullName));
            Assert.Equal("18\n", await File.ReadAllTextAsync(Path.Combine(folder.FullName, "PG_VERSION")));
            await using (var postgres = await PostgresPrograms.StartAsync(suspendsEverywhere: false, new HostFileSystem(folder.FullName)))
            {
                Assert.Null((await postgres.QueryAsync(Schema)).Error);
                await postgres.StopAsync();
            }

            // A folder that was made before, or copied, may have permissions that PostgreSQL does not take.
            const UnixFileMode Own = (UnixFileMode)0b111_101_000;
            Assert.Equal(Own, File.GetUnixFileMode(folder.FullName));
            File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);
            var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => PostgresPrograms.StartAsync(suspendsEverywhere: false, new HostFileSystem(folder.FullName)));
            Assert.EndsWith("with the permissions 0755, which others may use, but 0700 or 0750. Of a folder of the host: chmod 0750 FOLDER.", refusal.Message, StringComparison.Ordinal);
            File.SetUnixFileMode(folder.FullName, Own);

            // The second time through a file system that a host wrote around the folder.
            await using var next = await PostgresPrograms.StartAsync(suspendsEverywhere: false, new YieldingFileSystem(new HostFileSystem(folder.FullName)));
            Assert.Equal(SumRows, (await next.QueryAsync(Sums)).Rows);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task RunStatementsAsync(PostgresBackend postgres)
    {
        Assert.Equal(["2|PostgreSQL 18"], (await postgres.QueryAsync("select 1 + 1, substr(version(), 1, 13)")).Rows);
        var made = await postgres.QueryAsync(Schema);
        Assert.Null(made.Error);
        Assert.Equal(["CREATE TABLE", "CREATE TABLE", "INSERT 0 3", "INSERT 0 1000"], made.Tags);
        Assert.Equal(SumRows, (await postgres.QueryAsync(Sums)).Rows);

        Assert.Equal(["BEGIN", "DELETE 1000"], (await postgres.QueryAsync("begin; delete from trade")).Tags);
        Assert.Equal(["0"], (await postgres.QueryAsync("select count(*) from trade")).Rows);
        Assert.Equal(["ROLLBACK"], (await postgres.QueryAsync("rollback")).Tags);
        Assert.Equal(SumRows, (await postgres.QueryAsync(Sums)).Rows);
    }
}
