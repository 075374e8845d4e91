using System.Diagnostics;
using System.Globalization;
using Fermata.Emscripten;

namespace Fermata.Samples.SqliteAsync;

/// <summary>A database on a slow server, and 200 who ask at once.</summary>
internal static class Demo
{
    private const int Questions = 200, Instances = 20, Items = 2_000;

    private const string Name = "shop.db";

    private const string Schema =
        """
        CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price REAL NOT NULL);
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2000)
          INSERT INTO items SELECT n, printf('item %04d, of which the shop has %d', n, n * 7919 % 101), n * 37 % 1000 / 10.0 FROM numbers;
        CREATE INDEX items_by_name ON items(name);
        """;

    private const string Question =
        "SELECT id, name, price, (SELECT count(*) FROM items other WHERE other.name BETWEEN items.name AND items.name || 'z') FROM items WHERE id = ?1";

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(5), Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs it.</summary>
    /// <param name="program">wa-sqlite.</param>
    /// <param name="output">Where to tell what happens.</param>
    public static async Task RunAsync(EmscriptenProgram program, TextWriter output)
    {
        await using var server = await PageServer.StartAsync(Delay);
        using var client = server.NewClient();
        var vfs = new PageVfs(new PageStore(client));
        using var native = new NativeSqlite();
        native.Execute(Schema);
        var expected = Enumerable.Range(0, Questions).Select(i => native.Execute(Question, IdOf(i)).Single()).ToList();

        await using var sqlite = await SqliteInstance.StartAsync(program, vfs);
        await using (var connection = await sqlite.OpenAsync(Name))
            await connection.ExecuteAsync(Schema);
        await output.WriteLineAsync($"SQLite {await VersionAsync(sqlite)} has put a table of {Items} rows on the server.");

        await TellAsync(output, server, $"{Questions} queries at once on one instance", expected, i => AskAsync(sqlite, i));

        var all = await Task.WhenAll(Enumerable.Range(0, Instances).Select(_ => SqliteInstance.StartAsync(program, vfs)));
        await TellAsync(output, server, $"{Questions} queries at once on {Instances} instances", expected, i => AskAsync(all[i % Instances], i));
        foreach (var instance in all)
            await instance.DisposeAsync();

        await CallFunctionAsync(sqlite, output);
        await WaitInTransactionAsync(sqlite, output);
    }

    private static long IdOf(int question) => 1 + (question * 9973 % Items);

    private static async Task<object?> VersionAsync(SqliteInstance sqlite)
    {
        await using var connection = await sqlite.OpenAsync(":memory:");
        return (await connection.ExecuteAsync("SELECT sqlite_version()"))[0][0];
    }

    /// <summary>One question, on a connection of its own.</summary>
    private static async Task<object?[]> AskAsync(SqliteInstance sqlite, int question)
    {
        await using var connection = await sqlite.OpenAsync(Name, Patience);
        return (await connection.ExecuteAsync(Question, IdOf(question))).Single();
    }

    private static async Task TellAsync(TextWriter output, PageServer server, string what, List<object?[]> expected, Func<int, Task<object?[]>> ask)
    {
        var (requests, watch) = (server.Requests, Stopwatch.StartNew());
        var answers = await Task.WhenAll(Enumerable.Range(0, Questions).Select(ask));
        watch.Stop();
        requests = server.Requests - requests;
        var same = answers.Zip(expected).Count(pair => pair.First.SequenceEqual(pair.Second));
        await output.WriteLineAsync($"{what}: {same} answers are those of native SQLite.");
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"  {watch.Elapsed.TotalSeconds:F2} s for {requests} requests, which one after another take {(requests * Delay).TotalSeconds:F2} s."));
    }

    /// <summary>A function of SQL that waits.</summary>
    private static async Task CallFunctionAsync(SqliteInstance sqlite, TextWriter output)
    {
        await using var connection = await sqlite.OpenAsync(Name, Patience);
        await connection.CreateFunctionAsync("rate", 1, async (arguments, token) =>
        {
            await Task.Delay(Delay, token);
            return arguments[0] is "EUR" ? 0.5 : throw new InvalidOperationException($"There is no rate for {arguments[0]}.");
        });
        var rows = await connection.ExecuteAsync("SELECT name, price * rate('EUR') FROM items WHERE id <= 2 ORDER BY id");
        foreach (var row in rows)
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{row[0]}: {row[1]:F2} EUR"));
        try
        {
            await connection.ExecuteAsync("SELECT rate('XYZ')");
        }
        catch (SqliteException e)
        {
            await output.WriteLineAsync($"{e.Code}: {e.Message}");
        }
    }

    /// <summary>A transaction that waits in the middle of a statement, while another connection reads.</summary>
    private static async Task WaitInTransactionAsync(SqliteInstance sqlite, TextWriter output)
    {
        await using var writer = await sqlite.OpenAsync(Name, Patience);
        await using var reader = await sqlite.OpenAsync(Name, Patience);
        TaskCompletionSource asked = new(), agreed = new();
        await writer.CreateFunctionAsync("ask", 1, async (arguments, token) =>
        {
            asked.SetResult();
            await agreed.Task.WaitAsync(token);
            return arguments[0];
        });

        const string price = "SELECT price FROM items WHERE id = 1";
        var transaction = writer.ExecuteAsync("BEGIN IMMEDIATE; UPDATE items SET price = ask(99.5) WHERE id = 1; COMMIT");
        await asked.Task;
        await output.WriteLineAsync(Invariant($"The transaction waits in the middle of a statement. Others read a price of {(await reader.ExecuteAsync(price))[0][0]}."));
        agreed.SetResult();
        await transaction;
        await output.WriteLineAsync(Invariant($"It has ended. Others read a price of {(await reader.ExecuteAsync(price))[0][0]}."));
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
