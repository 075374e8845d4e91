using System.Text.Json;
using Wasmtime;

namespace Fermata.Bench;

/// <summary>Runs a WASI program in Wasmtime, in this process, as <c>bench/v8/program.mjs</c> does in Node.</summary>
internal static class WasmtimeProgram
{
    public const string Option = "--wasmtime-program";

    /// <param name="description">A <see cref="WasiCommand"/> as JSON.</param>
    public static int Run(string description)
    {
        var command = JsonSerializer.Deserialize<WasiCommand>(description, EngineProcess.Json)!;
        var configuration = new WasiConfiguration()
            .WithArgs(command.Arguments).WithInheritedStandardInput().WithInheritedStandardOutput().WithInheritedStandardError();
        foreach (var (guest, host) in command.Directories)
            configuration.WithPreopenedDirectory(host, guest, true);
        using var engine = new Wasmtime.Engine();
        using var module = Wasmtime.Module.FromFile(engine, command.Module);
        using var linker = new Wasmtime.Linker(engine);
        using var store = new Wasmtime.Store(engine);
        linker.DefineWasi();
        DefineWasmEdgeSockets(linker, module);
        linker.DefineUnknownImportsAsTraps(module);
        store.SetWasiConfiguration(configuration);
        linker.Instantiate(store, module).GetAction("_start")!();
        return 0;
    }

    /// <summary>QuickJS was built for WasmEdge, whose <c>sock_accept</c> has the name of another function. Nobody calls it here.</summary>
    private static void DefineWasmEdgeSockets(Wasmtime.Linker linker, Wasmtime.Module module)
    {
        const string name = "sock_accept";
        if (module.Imports.OfType<FunctionImport>().FirstOrDefault(import => import.Name == name) is not { Parameters.Count: 2 } function)
            return;
        linker.AllowShadowing = true;
        linker.DefineFunction(function.ModuleName, name, new Func<int, int, int>((_, _) => throw new InvalidOperationException($"{name} was called")));
    }
}
