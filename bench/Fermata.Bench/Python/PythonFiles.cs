using Fermata.Emscripten.Tests;
using Fermata.Python;

namespace Fermata.Bench;

/// <summary>The package of npm that Python comes from, in Fermata and in Node, and the scripts that both run.</summary>
internal static class PythonFiles
{
    /// <summary>The folder of the package.</summary>
    public static string Package => Path.GetDirectoryName(NpmProgram.PathOf("pyodide", "package.json"))!;

    /// <summary>A script of <c>bench/programs/python</c>.</summary>
    public static string Script(string name) => File.ReadAllText(BenchFolder.Path("programs", "python", $"{name}.py"));

    /// <summary>The interpreter, compiled as <c>fermata python</c> has it, with its library prepared.</summary>
    public static PythonDistribution LoadDistribution() => PythonDistribution.LoadAsync(
        new Engine(new EngineOptions { IsCollectible = false }), Package, BenchFolder.Path("node_modules", ".python-library")).GetAwaiter().GetResult();
}
