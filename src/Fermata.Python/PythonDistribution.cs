using System.Text.Json;
using Fermata.Emscripten;
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

    private PythonDistribution(EmscriptenProgram program, Module turn, byte[] library) => (Program, Turn, StandardLibrary) = (program, turn, library);

    internal EmscriptenProgram Program { get; }

    internal Module Turn { get; }

    /// <summary>The standard library, a ZIP archive.</summary>
    internal byte[] StandardLibrary { get; }

    /// <summary>Loads and compiles an interpreter.</summary>
    /// <param name="engine">Compiles it.</param>
    /// <param name="folder">The folder of the npm package, such as <c>node_modules/pyodide</c>.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">It is not that of the package.</exception>
    /// <exception cref="NotSupportedException">It is another version of the package.</exception>
    public static async Task<PythonDistribution> LoadAsync(Engine engine, string folder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        await RequireVersionAsync(Path.Combine(folder, PackageFile), cancellationToken).ConfigureAwait(false);
        var library = await File.ReadAllBytesAsync(Path.Combine(folder, LibraryFile), cancellationToken).ConfigureAwait(false);
        var options = new EmscriptenOptions { Supplement = Trampoline.Module };
        var program = await EmscriptenProgram.LoadFileAsync(engine, Path.Combine(folder, ModuleFile), options, cancellationToken).ConfigureAwait(false);
        return new PythonDistribution(program, StoreTurn.Load(engine), library);
    }

    private static async Task RequireVersionAsync(string file, CancellationToken cancellationToken)
    {
        using var package = JsonDocument.Parse(await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false));
        var version = package.RootElement.TryGetProperty("version", out var element) ? element.ToString() : "none";
        if (version != Version)
            throw new NotSupportedException($"{file} is of version {version}, and the interface of another one than {Version} is not known. Install pyodide@{Version}.");
    }
}
