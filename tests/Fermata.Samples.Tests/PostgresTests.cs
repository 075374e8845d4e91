using Fermata.Platform.FileSystems;
using Fermata.Samples.Postgres;

namespace Fermata.Samples.Tests;

public sealed class PostgresTests
{
    /// <summary>The modules that the sample runs are among the packages of another test project, too.</summary>
    private static readonly NpmPackages Packages = new("tests", "Fermata.Emscripten.Tests", "npm");

    [NpmFact(IsHeavy = true)]
    public async Task NpgsqlFindsWhatPostgresHas()
    {
        var package = await PostgresPackage.LoadAsync(new Engine(), Path.GetDirectoryName(Packages["@electric-sql/pglite", "dist/pglite.wasm"])!);
        var (data, output) = (new MemoryFileSystem(), new StringWriter());
        await Initdb.RunAsync(package, data);
        await Demo.RunAsync(package, data, output);
        Assert.Equal(
            """
            PostgreSQL 18.6 runs in this process.
            COPY has taken 10000 sales.
            item 20: 999 pieces for 74925.00, the last at 2026-01-08 07:21
            item 18: 1000 pieces for 67500.00, the last at 2026-01-08 07:23
            item 16: 1001 pieces for 60060.00, the last at 2026-01-08 07:25
            A transaction deletes 10000 sales; when it has been rolled back, there are 10000.
            23505: duplicate key value violates unique constraint "item_name_key"
            50 questions at once have found 485000 bytes of pictures.
            57014: canceling statement due to user request

            """,
            output.ToString().ReplaceLineEndings("\n"));
    }
}
