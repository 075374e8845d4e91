using System.Text.Json;
using Fermata.Emscripten;
using Fermata.Platform.FileSystems;
using Fermata.Python.Interop;

namespace Fermata.Python;

/// <summary>
/// An interpreter, compiled, with its standard library: any number of runtimes share one. It is that of the npm package <c>pyodide</c>, of the one version whose interface is
/// known, <see cref="Version"/>.
/// </summary>
public sealed class PythonDistribution
{
    /// <summary>The version of the npm package <c>pyodide</c>.</summary>
    public const string Version = "314.0.7";

    private const string ModuleFile = "pyodide.asm.wasm", LibraryFile = "python_stdlib.zip", PackageFile = "package.json";

    private PythonDistribution(EmscriptenProgram program, byte[] library)
    {
        (Program, StandardLibrary) = (program, library);
        Files = Startup.FilesWith(library);
    }

    /// <summary>The interpreter, compiled: what it has compiled can be kept for other processes (<see cref="Module.FillCodeCacheAsync"/>).</summary>
    public Module Module => Program.Module;

    internal EmscriptenProgram Program { get; }

    /// <summary>The standard library, a ZIP archive.</summary>
    internal byte[] StandardLibrary { get; }

    /// <summary>What its interpreters have in Python for the host.</summary>
    internal HelperModules Helpers { get; } = new();

    /// <summary>The files that its interpreters have in common.</summary>
    internal FileSystem Files { get; }

    /// <summary>An interpreter that has started, for others to begin with; null before there was one.</summary>
    internal InterpreterImage? Image { get; set; }

    /// <summary>Loads and compiles an interpreter.</summary>
    /// <param name="engine">Compiles it.</param>
    /// <param name="folder">The folder of the npm package, such as <c>node_modules/pyodide</c>.</param>
    /// <param name="cacheFolder">
    /// Where the standard library is kept with the code of its modules, so that runtimes need not compile those they import, which is most of their start. If it is not there, an
    /// interpreter makes it now, which takes seconds. Any number of processes may use a folder at once, and what is damaged is made anew. Python runs what is there: it should be
    /// a folder that nobody writes to who may not give Python code; one that is made is the user's alone. Null for none: nothing is written, and each runtime compiles for itself.
    /// </param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">It is not that of the package.</exception>
    /// <exception cref="NotSupportedException">It is another version of the package.</exception>
    /// <exception cref="IOException">The folder of the cache cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder of the cache cannot be used.</exception>
    public static async Task<PythonDistribution> LoadAsync(Engine engine, string folder, string? cacheFolder = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        await RequireVersionAsync(Path.Combine(folder, PackageFile), cancellationToken).ConfigureAwait(false);
        var library = await File.ReadAllBytesAsync(Path.Combine(folder, LibraryFile), cancellationToken).ConfigureAwait(false);
        var options = new EmscriptenOptions { Supplement = Trampoline.Module };
        var program = await EmscriptenProgram.LoadFileAsync(engine, Path.Combine(folder, ModuleFile), options, cancellationToken).ConfigureAwait(false);
        var distribution = new PythonDistribution(program, library);
        return cacheFolder is null
            ? distribution
            : new PythonDistribution(program, await PreparedLibrary.FindOrMakeAsync(distribution, cacheFolder, cancellationToken).ConfigureAwait(false));
    }

    private static async Task RequireVersionAsync(string file, CancellationToken cancellationToken)
    {
        using var package = JsonDocument.Parse(await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false));
        var version = package.RootElement.TryGetProperty("version", out var element) ? element.ToString() : "none";
        if (version != Version)
            throw new NotSupportedException($"{file} is of version {version}, and the interface of another one than {Version} is not known. Install pyodide@{Version}.");
    }
}
