namespace Fermata.Programs.Tests;

public sealed class SqliteTests(SqliteTests.Program program) : IClassFixture<SqliteTests.Program>
{
    public static TheoryData<string> Cases => NpmProgram.CasesOf("sqlite");

    [NpmTheory]
    [MemberData(nameof(Cases))]
    public Task Prints_what_it_prints_in_Node(string script) => program.CheckAsync(script);

    [NpmFact]
    public async Task Suspended_at_every_wait() => await program.CheckAsync("tiny.sql", await program.Program, new StoreOptions { AlwaysSuspend = true });

    [NpmFact]
    public async Task Suspended_at_every_call() => await program.CheckAsync("tiny.sql", await program.SuspendedEverywhere);

    /// <summary>Its own file system takes no pragmas. Under Node's WASI this build finds that a file which it has made "is not a database".</summary>
    [NpmFact]
    public async Task Opens_a_database_again()
    {
        var files = new MemoryFileSystem();
        await RunAsync("create table city (name text, people integer); insert into city values ('Bern', 134000), ('Ulm', 126000);");
        Assert.StartsWith("SQLite format 3\0", System.Text.Encoding.Latin1.GetString(files.ReadFile("data.db")), StringComparison.Ordinal);
        await RunAsync("begin; update city set people = people + 1; commit; begin; delete from city; rollback;");
        Assert.Equal("Bern|134001\nUlm|126001\n2\n", await RunAsync("select * from city; select count(*) from city;"));
        Assert.False(files.Exists("data.db-journal"));

        async Task<string> RunAsync(string sql)
        {
            var builder = program.NewBuilder().WithDirectory("/files", files).WithArguments("-batch", "/files/data.db", sql);
            var outcome = await NpmProgram.RunAsync(builder, await program.Program);
            Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
            return outcome.Output;
        }
    }

    public sealed class Program() : NpmProgram("sqlite");
}
