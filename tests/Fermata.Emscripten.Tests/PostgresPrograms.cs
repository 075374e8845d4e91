using Fermata.Samples.Postgres;

namespace Fermata.Emscripten.Tests;

/// <summary>PGlite, loaded once for all tests of a mode, with a directory of data that is made once.</summary>
internal static class PostgresPrograms
{
    private static readonly Lazy<Task<PostgresPackage>>[] Packages = [NewPackage(suspendsEverywhere: false), NewPackage(suspendsEverywhere: true)];

    private static readonly Lazy<Task<MemoryFileSystem>>[] Made = [new(() => MakeAsync(suspendsEverywhere: false)), new(() => MakeAsync(suspendsEverywhere: true))];

    public static Task<PostgresPackage> LoadAsync(bool suspendsEverywhere) => Packages[suspendsEverywhere ? 1 : 0].Value;

    /// <summary>A new directory of data, on the one that <c>initdb</c> has made.</summary>
    public static async Task<FileSystem> NewDataAsync(bool suspendsEverywhere) =>
        new OverlayFileSystem(await Made[suspendsEverywhere ? 1 : 0].Value, new MemoryFileSystem());

    /// <summary>Starts a server on new data.</summary>
    public static async Task<PostgresBackend> StartAsync(bool suspendsEverywhere) => await StartAsync(suspendsEverywhere, await NewDataAsync(suspendsEverywhere));

    /// <summary>Starts a server.</summary>
    public static async Task<PostgresBackend> StartAsync(bool suspendsEverywhere, FileSystem data, StoreOptions? options = null) =>
        await PostgresBackend.StartAsync(await LoadAsync(suspendsEverywhere), data, options);

    /// <summary>Runs statements, as a simple query.</summary>
    public static async Task<PostgresResult> QueryAsync(this PostgresBackend postgres, string statements) =>
        PostgresResult.Parse(await postgres.ExchangeAsync(Messages.Query(statements)));

    private static Lazy<Task<PostgresPackage>> NewPackage(bool suspendsEverywhere) => new(() => PostgresPackage.LoadAsync(
        NpmProgram.EngineFor(suspendsEverywhere), Path.GetDirectoryName(NpmProgram.PathOf("@electric-sql/pglite", "dist/pglite.wasm"))!));

    private static async Task<MemoryFileSystem> MakeAsync(bool suspendsEverywhere)
    {
        var data = new MemoryFileSystem();
        await Initdb.RunAsync(await LoadAsync(suspendsEverywhere), data);
        return data;
    }
}
