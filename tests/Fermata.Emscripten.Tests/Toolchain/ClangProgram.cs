using System.Collections.Concurrent;

namespace Fermata.Emscripten.Tests.Toolchain;

/// <summary>The programs in C and C++ of the folder <c>Programs</c>, compiled as Emscripten's compiler does it. All are compiled when the first is needed.</summary>
internal static class ClangProgram
{
    private const string Cpp = "clang++", C = "clang";

    private static readonly string[] Common = ["--target=wasm32-unknown-emscripten", "-O2", "-ffreestanding", "-nostdlib", "-Wall", "-Wextra", "-Werror"];
    private static readonly string[] Program =
        ["-Wl,--no-entry,--export-table,--growable-table,--export=__stack_pointer,--export=__wasm_call_ctors"];
    private static readonly string[] Alone = [.. Program, "-Wl,--allow-undefined"];
    private static readonly string[] Position = ["-fPIC", "-fvisibility=default", "-Wl,--experimental-pic,--unresolved-symbols=import-dynamic"];

    /// <summary>Exceptions and jumps by Emscripten's JavaScript, by WebAssembly, and by WebAssembly as it was first encoded.</summary>
    private static readonly Dictionary<string, (string[] Exceptions, string[] Jumps)> Modes = new()
    {
        ["JavaScript"] = (["-fexceptions", "-mllvm", "-enable-emscripten-cxx-exceptions"], ["-mllvm", "-enable-emscripten-sjlj"]),
        ["WebAssembly"] = (["-fwasm-exceptions", "-mllvm", "-wasm-use-legacy-eh=false"], ["-mexception-handling", "-mllvm", "-wasm-enable-sjlj", "-mllvm", "-wasm-use-legacy-eh=false"]),
        ["legacy"] = (["-fwasm-exceptions", "-mllvm", "-wasm-use-legacy-eh=true"], ["-mexception-handling", "-mllvm", "-wasm-enable-sjlj", "-mllvm", "-wasm-use-legacy-eh=true"]),
    };

    private static readonly Engine Plain = new();
    private static readonly Engine Suspending = new(new EngineOptions { SuspendEverywhere = true });
    private static readonly Lazy<Dictionary<string, string>> Compiled = new(Compile);
    private static readonly ConcurrentDictionary<(string Name, bool SuspendsEverywhere), Lazy<EmscriptenProgram>> Loaded = new();

    /// <summary>A program, by the name of its source and, where there are several, the mode.</summary>
    public static EmscriptenProgram Load(string name, bool suspendsEverywhere) =>
        Loaded.GetOrAdd((name, suspendsEverywhere), key => new(() => EmscriptenProgram.Load(key.SuspendsEverywhere ? Suspending : Plain, Read(key.Name)))).Value;

    public static byte[] Read(string name) => File.ReadAllBytes(Compiled.Value[name]);

    private static Dictionary<string, string> Compile()
    {
        string[] cLibrary = ["-x", "c", "runtime.c"], cppLibrary = ["cxxabi.cpp", .. cLibrary];
        var commands = new Dictionary<string, string[]>
        {
            ["callbacks"] = [C, .. Common, .. Alone, "callbacks.c", .. cLibrary],
            ["main"] = [Cpp, .. Common, .. Program, .. Position, "-Wl,--export-all", .. Modes["JavaScript"].Exceptions, "main.cpp", .. cppLibrary],
            ["side"] = [Cpp, .. Common, .. Position, "-Wl,-shared,--no-entry,--export-if-defined=__wasm_call_ctors", .. Modes["JavaScript"].Exceptions, "side.cpp"],
        };
        foreach (var (mode, (exceptions, jumps)) in Modes)
        {
            commands[$"exceptions {mode}"] = [Cpp, .. Common, .. Alone, .. exceptions, "exceptions.cpp", .. cppLibrary];
            commands[$"jumps {mode}"] = [C, .. Common, .. Alone, .. jumps, "jumps.c", .. cLibrary];
        }

        var files = Directory.GetFiles(Path.Combine(RepositoryFolder.Path, "tests", "Fermata.Emscripten.Tests", "Toolchain", "Programs"));
        Array.Sort(files, StringComparer.Ordinal);
        var outputs = NpmClang.Compile([.. commands.Values.Select(command => (command, files))]);
        return commands.Keys.Zip(outputs).ToDictionary(program => program.First, program => program.Second);
    }
}
