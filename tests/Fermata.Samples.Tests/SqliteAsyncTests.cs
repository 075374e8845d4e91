using Fermata.Emscripten;
using Fermata.Samples.SqliteAsync;

namespace Fermata.Samples.Tests;

public sealed class SqliteAsyncTests
{
    /// <summary>The module that the sample runs is among the packages of another test project, too.</summary>
    private static readonly NpmPackages Packages = new("tests", "Fermata.Emscripten.Tests", "npm");

    [NpmFact]
    public async Task AllAnswersAreThoseOfNativeSqlite()
    {
        var path = Packages["@journeyapps/wa-sqlite", "dist/wa-sqlite-jspi.wasm"];
        var output = new StringWriter();
        await Demo.RunAsync(await EmscriptenProgram.LoadFileAsync(new Engine(), path), output);
        Assert.Equal(
            """
            SQLite 3.53.0 has put a table of 2000 rows on the server.
            200 queries at once on one instance: 200 answers are those of native SQLite.
            200 queries at once on 20 instances: 200 answers are those of native SQLite.
            item 0001, of which the shop has 41: 1.85 EUR
            item 0002, of which the shop has 82: 3.70 EUR
            Error: There is no rate for XYZ.
            The transaction waits in the middle of a statement. Others read a price of 3.7.
            It has ended. Others read a price of 99.5.
            """,
            string.Join('\n', output.ToString().ReplaceLineEndings("\n").Split('\n').Where(line => line != "" && !line.Contains(" s for ", StringComparison.Ordinal))));
    }
}
