using System.Globalization;
using Fermata.Emscripten;
using Fermata.Emscripten.Tests;
using Fermata.Samples.SqliteAsync;

namespace Fermata.Bench;

/// <summary>
/// The programs of <c>tests/Fermata.Emscripten.Tests</c>, each with a fixed work of <c>bench/programs</c>. What Node runs is in <c>bench/v8/emscripten</c>: the same modules, with
/// the JavaScript that their packages have for them.
/// </summary>
internal static class EmscriptenPrograms
{
    private const string Postgres = "pglite";
    private const int Inserts = 2000;

    /// <summary>The names of the programs, what they are, and what starts them: it gives their work, which has a checksum.</summary>
    public static IReadOnlyList<(string Name, string Title, Func<Task<Func<Task<int>>>> StartAsync)> All { get; } =
    [
        ("wa-sqlite", "SQLite of wa-sqlite", StartSqliteAsync),
        ("php-wasm", "PHP 8.4 of WordPress Playground", StartPhpAsync),
        (Postgres, "PostgreSQL of PGlite, initdb with it", StartPostgresAsync),
        ("micropython", "MicroPython", StartMicroPythonAsync),
        ("jitl-quickjs", "QuickJS of @jitl", StartQuickJsAsync),
        ("pyodide", "CPython of Pyodide", StartPyodideAsync),
    ];

    /// <summary>The modules that a program has loaded.</summary>
    public static async Task<IReadOnlyList<EmscriptenProgram>> LoadedAsync(string name) =>
        name == Postgres ? (await PostgresPrograms.LoadAsync(suspendsEverywhere: false)).Programs : await NpmProgram.AllAsync();

    private static async Task<Func<Task<int>>> StartSqliteAsync()
    {
        var sqlite = await SqliteInstance.StartAsync(await NpmProgram.LoadAsync("@journeyapps/wa-sqlite", "dist/wa-sqlite-jspi.wasm", suspendsEverywhere: false));
        var connection = await sqlite.OpenAsync(":memory:");
        var statements = Script("sqlite.sql");
        return async () => (int)(long)(await connection.ExecuteAsync(statements))[^1][0]!;
    }

    private static async Task<Func<Task<int>>> StartPhpAsync()
    {
        var php = await Php.StartAsync(suspendsEverywhere: false);
        php.Files.AddText("/www/work.php", Script("work.php"));
        php.Files.AddText("/www/index.php", "<?php require 'work.php'; echo work();");
        await php.ListenAsync();
        await WorkAsync();
        return WorkAsync;

        async Task<int> WorkAsync() => Number((await php.RequestAsync(new PhpRequest("/www/index.php"))).Body);
    }

    private static async Task<Func<Task<int>>> StartPostgresAsync()
    {
        var postgres = await PostgresPrograms.StartAsync(suspendsEverywhere: false);
        var statements = Script("postgres.sql");
        return async () =>
        {
            await postgres.QueryAsync("DROP TABLE IF EXISTS t, inserted; CREATE TABLE inserted (id int PRIMARY KEY, word text)");
            for (var i = 0; i < Inserts; i++)
                await postgres.QueryAsync($"INSERT INTO inserted VALUES ({i}, 'word {i}')");
            return Number((await postgres.QueryAsync(statements)).Rows[^1]);
        };
    }

    private static async Task<Func<Task<int>>> StartMicroPythonAsync()
    {
        var python = await MicroPython.StartAsync(suspendsEverywhere: false);
        await python.RunAsync(Script("work.py"));
        return async () =>
        {
            await python.RunAsync("print(work())");
            return LastNumber(python.Output);
        };
    }

    private static async Task<Func<Task<int>>> StartQuickJsAsync()
    {
        var context = await (await QuickJs.StartAsync(suspendsEverywhere: false)).NewContextAsync();
        await context.EvaluateAsync(Script("work.js"));
        return async () => Number(await context.EvaluateAsync("work()"));
    }

    private static async Task<Func<Task<int>>> StartPyodideAsync()
    {
        var python = await Pyodide.StartAsync(suspendsEverywhere: false);
        await python.RunAsync(Script("work.py"));
        return async () =>
        {
            await python.RunAsync("print(work())");
            return LastNumber(python.Output);
        };
    }

    private static string Script(string name) => File.ReadAllText(BenchFolder.Path("programs", name));

    private static int LastNumber(string output) => Number(output.TrimEnd().Split('\n')[^1]);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
