using System.Text.Json;
using Fermata.Platform;

namespace Fermata.Programs.Tests;

/// <summary>A program of an npm package, as <c>programs.json</c> describes it. The fixture of the class that tests it, since it takes seconds to load.</summary>
public abstract class NpmProgram : IDisposable
{
    internal static readonly NpmPackages Packages = new("tests", "Fermata.Wasi.Tests", "npm");
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly Dictionary<string, ProgramDescription> Descriptions =
        JsonSerializer.Deserialize<Dictionary<string, ProgramDescription>>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "programs.json")), Json)!;

    private readonly ProgramDescription _description;
    private readonly Lazy<Task<WasiProgram>> _program;
    private readonly Lazy<Task<WasiProgram>> _suspendedEverywhere;
    private readonly Lazy<TarFileSystem> _files;

    /// <param name="name">Its name among the descriptions.</param>
    protected NpmProgram(string name)
    {
        Name = name;
        _description = Descriptions[name];
        _program = new(() => LoadAsync(suspendEverywhere: false));
        _suspendedEverywhere = new(() => LoadAsync(suspendEverywhere: true));
        _files = new(() => new TarFileSystem(Packages[_description.Package, _description.Archive!]));
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The program, loaded once.</summary>
    public Task<WasiProgram> Program => _program.Value;

    /// <summary>The program, all of whose calls unwind the stack when they return.</summary>
    public Task<WasiProgram> SuspendedEverywhere => _suspendedEverywhere.Value;

    /// <summary>The names of the scripts in a program's folder of <c>cases</c>.</summary>
    /// <param name="program">The name of the program.</param>
    public static TheoryData<string> CasesOf(string program) =>
        [.. Directory.EnumerateFiles(CasesFolder(program)).Select(path => Path.GetFileName(path)).Where(file => !file.EndsWith(".expected", StringComparison.Ordinal)).Order()];

    /// <summary>A builder with what the program takes to run: its name, and the files of its archive.</summary>
    public WasiBuilder NewBuilder()
    {
        var builder = new WasiBuilder().WithProgramName(Name);
        return _description.Archive is null ? builder : builder.WithDirectory("/", _files.Value);
    }

    /// <summary>Runs the program, and keeps what it prints.</summary>
    /// <param name="builder">What it is given; its output and error streams are set.</param>
    /// <param name="program">The program.</param>
    /// <param name="options">The options of its store.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Outcome> RunAsync(WasiBuilder builder, WasiProgram program, StoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(program);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await program.RunAsync(builder.WithOutput(output).WithError(error), options, cancellationToken);
        return new Outcome(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Runs the program, and keeps what it prints.</summary>
    /// <param name="arguments">Its arguments.</param>
    public async Task<Outcome> RunAsync(params IEnumerable<string> arguments) => await RunAsync(NewBuilder().WithArguments(arguments), await Program);

    /// <summary>Runs it as it is described, with a folder <c>/home</c>.</summary>
    /// <param name="work">The files of the folder.</param>
    /// <param name="suspendsEverywhere">Whether all of its calls unwind the stack when they return.</param>
    /// <param name="builder">What else it is given; null for no more than it takes to run.</param>
    public async Task<Outcome> RunInAsync(MemoryFileSystem work, bool suspendsEverywhere, WasiBuilder? builder = null) => await RunAsync(
        (builder ?? NewBuilder()).WithArguments(_description.Arguments).WithDirectory("/home", work), await (suspendsEverywhere ? SuspendedEverywhere : Program));

    /// <summary>Runs a script of <c>cases</c>, and compares what it prints with what it prints in Node.</summary>
    /// <param name="script">The name of its file.</param>
    /// <param name="program">The program.</param>
    /// <param name="options">The options of its store.</param>
    public async Task CheckAsync(string script, WasiProgram program, StoreOptions? options = null)
    {
        var folder = CasesFolder(Name);
        var builder = NewBuilder()
            .WithArguments(_description.Arguments.Select(argument => argument.Replace("{script}", $"/cases/{script}", StringComparison.Ordinal)))
            .WithEnvironment("GREETING", "hello, wörld")
            .WithDirectory("/cases", new HostFileSystem(folder, isReadOnly: true))
            .WithDirectory("/scratch", new MemoryFileSystem());
        if (_description.ReadsScript)
            builder.WithInput(InputStream.From(await File.ReadAllBytesAsync(Path.Combine(folder, script))));
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(folder, $"{script}.expected")), (await RunAsync(builder, program, options)).ToString());
    }

    /// <inheritdoc cref="CheckAsync(string, WasiProgram, StoreOptions?)"/>
    public async Task CheckAsync(string script) => await CheckAsync(script, await Program);

    /// <summary>Closes the archive.</summary>
    public void Dispose()
    {
        if (_files.IsValueCreated)
            _files.Value.Dispose();
        GC.SuppressFinalize(this);
    }

    private static string CasesFolder(string program) => Path.Combine(AppContext.BaseDirectory, "cases", program);

    private async Task<WasiProgram> LoadAsync(bool suspendEverywhere) =>
        await WasiProgram.LoadFileAsync(ProgramEngine.New(suspendEverywhere), Packages[_description.Package, _description.Module]);
}
