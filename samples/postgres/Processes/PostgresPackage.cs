using System.Globalization;
using System.Text.RegularExpressions;
using Fermata.Emscripten;
using Fermata.Platform.FileSystems;

namespace Fermata.Samples.Postgres;

/// <summary>PGlite as npm has it: PostgreSQL, its <c>initdb</c>, and the files that both find.</summary>
internal sealed partial class PostgresPackage
{
    /// <summary>Where the programs find the directory of data.</summary>
    public const string Data = "/pglite/data";

    /// <summary>A file with the output of <c>locale -a</c>.</summary>
    public const string Locales = "/pglite/locale-a";

    /// <summary>A directory for what programs pass to one another.</summary>
    public const string Shared = "/tmp";

    private const string InitdbPath = "/pglite/bin/initdb", ServerPath = "/pglite/bin/postgres";

    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserExecute;

    private static readonly (string Name, string Value)[] Environment =
    [
        ("HOME", "/home/postgres"), ("USER", "postgres"), ("LOGNAME", "postgres"), ("PGDATA", Data), ("PGUSER", "postgres"), ("PGDATABASE", "postgres"), ("PGCLIENTENCODING", "UTF8"),
        ("LANG", "en_US.UTF-8"), ("LC_COLLATE", "en_US.UTF-8"), ("LC_CTYPE", "en_US.UTF-8"), ("TZ", "UTC"), ("PGTZ", "UTC"), ("ICU_DATA", "/pglite/icu"),
    ];

    private readonly EmscriptenProgram _initdb, _server;
    private readonly ReadOnlyFileSystem _files;

    private PostgresPackage(EmscriptenProgram initdb, EmscriptenProgram server, ReadOnlyFileSystem files) => (_initdb, _server, _files) = (initdb, server, files);

    /// <summary>The programs.</summary>
    public IReadOnlyList<EmscriptenProgram> Programs => [_initdb, _server];

    /// <summary>Loads it.</summary>
    /// <param name="engine">The engine for both programs.</param>
    /// <param name="folder">The folder <c>dist</c> of the package.</param>
    public static async Task<PostgresPackage> LoadAsync(Engine engine, string folder) => new(
        await EmscriptenProgram.LoadFileAsync(engine, Path.Combine(folder, "initdb.wasm")),
        await EmscriptenProgram.LoadFileAsync(engine, Path.Combine(folder, "pglite.wasm")),
        await UnpackAsync(folder));

    /// <summary>Starts PostgreSQL, without its <c>main</c>.</summary>
    /// <param name="data">The directory of data.</param>
    /// <param name="options">Options of its store.</param>
    /// <param name="shared">What it has in common with other programs.</param>
    /// <param name="configure">Gives it more.</param>
    public async Task<EmscriptenInstance> StartServerAsync(FileSystem data, StoreOptions? options, FileSystem shared, Action<EmscriptenHost> configure)
    {
        var instance = await _server.StartAsync(NewHost(ServerPath, data, shared, configure), options);
        new ProgramCalls(instance)
        {
            Run = _ => Task.FromResult(1),
            Read = command => command == "locale -a" ? Task.FromResult(Locales) : throw new NotSupportedException(command),
        }.Define();
        return instance;
    }

    /// <summary>Starts <c>initdb</c>, without its <c>main</c>.</summary>
    public Task<EmscriptenInstance> StartInitdbAsync(FileSystem data, StoreOptions? options, FileSystem shared, Action<EmscriptenHost> configure) =>
        _initdb.StartAsync(NewHost(InitdbPath, data, shared, configure), options);

    private EmscriptenHost NewHost(string program, FileSystem data, FileSystem shared, Action<EmscriptenHost> configure)
    {
        var host = new EmscriptenHost()
            .WithProgramName(program).WithUnknownImportsAsTraps()
            .WithDirectory("/", _files).WithDirectory(Shared, shared).WithDirectory(Data, data)
            .WithFileMode(InitdbPath, Executable).WithFileMode(ServerPath, Executable);
        foreach (var (name, value) in Environment)
            host.WithEnvironment(name, value);
        configure(host);
        return host;
    }

    /// <summary>The files, which lie in one behind another; where each begins and ends, the JavaScript of the package tells.</summary>
    private static async Task<ReadOnlyFileSystem> UnpackAsync(string folder)
    {
        var files = new MemoryFileSystem();
        var data = await File.ReadAllBytesAsync(Path.Combine(folder, "pglite.data"));
        foreach (Match file in FilePlaces().Matches(await File.ReadAllTextAsync(Path.Combine(folder, "pglite.js"))))
            files.AddFile(file.Groups[1].Value, data.AsMemory(Number(file.Groups[2])..Number(file.Groups[3])));
        files.AddDirectory(Shared);
        files.AddDirectory(Data);
        return new ReadOnlyFileSystem(files);

        static int Number(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("""filename:"([^"]*)",start:(\d+),end:(\d+)""")]
    private static partial Regex FilePlaces();
}
