using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Fermata.Emscripten.Tests;

/// <summary>The files of PGlite's PostgreSQL, and its <c>initdb</c>, which makes a directory of data: a program that runs <c>postgres</c> several times.</summary>
internal static partial class PostgresFiles
{
    private const string Package = "@electric-sql/pglite";

    private const string Initdb = "/pglite/bin/initdb", Server = "/pglite/bin/postgres", Locales = "/pglite/locale-a";

    /// <summary>Through these, <c>initdb</c> reads what <c>postgres</c> writes, and the other way.</summary>
    private const string ToInitdb = "/tmp/from-postgres", FromInitdb = "/tmp/to-postgres";

    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserExecute;

    public const string Data = "/pglite/data";

    private static readonly (string Name, string Value)[] Environment =
    [
        ("HOME", "/home/postgres"), ("USER", "postgres"), ("LOGNAME", "postgres"), ("PGDATA", Data), ("PGUSER", "postgres"), ("PGDATABASE", "postgres"), ("PGCLIENTENCODING", "UTF8"),
        ("LANG", "en_US.UTF-8"), ("LC_COLLATE", "en_US.UTF-8"), ("LC_CTYPE", "en_US.UTF-8"), ("TZ", "UTC"), ("PGTZ", "UTC"), ("ICU_DATA", "/pglite/icu"),
    ];

    private static readonly Lazy<ReadOnlyFileSystem> Installed = new(Unpack);

    private static readonly Lazy<Task<MemoryFileSystem>>[] Made = [new(() => MakeAsync(suspendsEverywhere: false)), new(() => MakeAsync(suspendsEverywhere: true))];

    /// <summary>A new directory of data, on one that <c>initdb</c> has made for all tests of the mode.</summary>
    public static async Task<FileSystem> NewDataAsync(bool suspendsEverywhere) =>
        new OverlayFileSystem(await Made[suspendsEverywhere ? 1 : 0].Value, new MemoryFileSystem());

    public static Task<EmscriptenProgram> LoadServerAsync(bool suspendsEverywhere) => NpmProgram.LoadAsync(Package, "dist/pglite.wasm", suspendsEverywhere);

    /// <summary>What <c>postgres</c> is given.</summary>
    public static EmscriptenHost NewServerHost(FileSystem data) => NewHost(Server, new MemoryFileSystem(), data);

    /// <summary>Lets the server find out which locales there are, and run no other program.</summary>
    public static void DefinePrograms(EmscriptenInstance postgres)
    {
        SetPrograms(postgres, _ => Task.FromResult(1), command => command == "locale -a" ? Task.FromResult(Locales) : throw new NotSupportedException(command), _ => Task.FromResult(0));
    }

    /// <summary>Makes a directory of data.</summary>
    /// <returns>The exit code, and what <c>initdb</c> wrote.</returns>
    public static async Task<(int ExitCode, string Output)> InitializeAsync(bool suspendsEverywhere, FileSystem data, StoreOptions? options = null)
    {
        var program = await NpmProgram.LoadAsync(Package, "dist/initdb.wasm", suspendsEverywhere);
        var server = await LoadServerAsync(suspendsEverywhere);
        var (shared, output) = (new MemoryFileSystem(), new StringWriter());
        await using var instance = await program.StartAsync(NewHost(Initdb, shared, data).WithOutput(output).WithError(output), options);
        SetPrograms(
            instance,
            async command => (await RunAsync(command, InputStream.Empty)).ExitCode,
            async command =>
            {
                var (_, written) = await RunAsync(command, InputStream.Empty);
                shared.AddFile("/" + Path.GetFileName(ToInitdb), written);
                return ToInitdb;
            },
            async command => (await RunAsync(command, InputStream.From(shared.ReadFile("/" + Path.GetFileName(FromInitdb))))).ExitCode);
        var exitCode = await instance.RunMainAsync(["--allow-group-access", "--encoding", "UTF8", "--locale=C.UTF-8", "--locale-provider=libc", "--auth=trust"]);
        return (exitCode, output.ToString());

        async Task<(int ExitCode, byte[] Output)> RunAsync(string command, InputStream input)
        {
            var words = Words().Matches(command.Split('<', '>')[0]).Select(match => match.Value.Trim('"')).ToList();
            var written = new MemoryStream();
            var host = NewHost(words[0], shared, data).WithInput(input).WithOutput(written).WithError(output);
            await using var postgres = await server.StartAsync(host, options);
            DefinePrograms(postgres);
            return (await postgres.RunMainAsync([.. words.Skip(1)]), written.ToArray());
        }
    }

    /// <summary>Gives a program what its C library calls in place of <c>system</c>, <c>popen</c> and <c>pclose</c>.</summary>
    /// <param name="instance">The program.</param>
    /// <param name="run">Runs a command: the exit code.</param>
    /// <param name="read">Runs a command: the path of a file with what it has written.</param>
    /// <param name="write">Runs a command, with what the program has written: the exit code.</param>
    private static void SetPrograms(EmscriptenInstance instance, Func<string, Task<int>> run, Func<string, Task<string>> read, Func<string, Task<int>> write)
    {
        string? written = null;
        Set("pgl_set_system_fn", (int command) => run(instance.Memory.ReadUtf8(command)));
        Set(
            "pgl_set_popen_fn",
            async (int command, int mode) =>
            {
                var text = instance.Memory.ReadUtf8(command);
                written = instance.Memory.ReadUtf8(mode) == "w" ? text : null;
                return Open(instance, written is null ? await read(text) : FromInitdb, written is null ? "r" : "w");
            });
        Set(
            "pgl_set_pclose_fn",
            async (int file) =>
            {
                instance.GetFunction("fclose").Invoke(file);
                return written is null ? 0 : await write(written);
            });

        void Set(string setter, Delegate function) => instance.GetFunction(setter).Invoke(instance.AddFunction(function));
    }

    private static int Open(EmscriptenInstance instance, string path, string mode)
    {
        var bytes = Encoding.UTF8.GetBytes($"{path}\0{mode}\0");
        var text = instance.GetFunction("malloc").Invoke(bytes.Length)[0].AsI32();
        bytes.CopyTo(instance.Memory.GetSpan(text, bytes.Length));
        return instance.GetFunction("fopen").Invoke(text, text + path.Length + 1)[0].AsI32();
    }

    private static EmscriptenHost NewHost(string program, FileSystem shared, FileSystem data)
    {
        var host = new EmscriptenHost()
            .WithProgramName(program).WithUnknownImportsAsTraps()
            .WithDirectory("/", Installed.Value).WithDirectory("/tmp", shared).WithDirectory(Data, data)
            .WithFileMode(Initdb, Executable).WithFileMode(Server, Executable);
        foreach (var (name, value) in Environment)
            host.WithEnvironment(name, value);
        return host;
    }

    /// <summary>The files, which lie in one behind another; where each begins and ends, the JavaScript of the package tells.</summary>
    private static ReadOnlyFileSystem Unpack()
    {
        var files = new MemoryFileSystem();
        var data = File.ReadAllBytes(NpmProgram.PathOf(Package, "dist/pglite.data"));
        foreach (Match file in FilePlaces().Matches(File.ReadAllText(NpmProgram.PathOf(Package, "dist/pglite.js"))))
            files.AddFile(file.Groups[1].Value, data.AsMemory(Number(file.Groups[2])..Number(file.Groups[3])));
        files.AddDirectory("/tmp");
        files.AddDirectory(Data);
        return new ReadOnlyFileSystem(files);

        static int Number(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);
    }

    private static async Task<MemoryFileSystem> MakeAsync(bool suspendsEverywhere)
    {
        var data = new MemoryFileSystem();
        var (exitCode, output) = await InitializeAsync(suspendsEverywhere, data);
        Assert.True(exitCode == 0, output);
        return data;
    }

    [GeneratedRegex("""filename:"([^"]*)",start:(\d+),end:(\d+)""")]
    private static partial Regex FilePlaces();

    [GeneratedRegex("""
        "[^"]*"|\S+
        """)]
    private static partial Regex Words();
}
