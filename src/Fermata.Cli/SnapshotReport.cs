using System.Globalization;
using Fermata.Structure;
using Fermata.Wasi;

namespace Fermata.Cli;

/// <summary>What there is to say about a snapshot without having it go on.</summary>
/// <param name="path">The file.</param>
/// <param name="info">What it says at its beginning.</param>
internal sealed class SnapshotReport(string path, SnapshotInfo info)
{
    private const int FramesShown = 30;
    private const string MemoryWait = "memory.atomic.wait";

    /// <param name="output">Where it goes.</param>
    /// <param name="modulePath">The module; null for where the snapshot says that it is.</param>
    /// <param name="all">Whether all frames are shown.</param>
    public void Write(TextWriter output, string? modulePath, bool all)
    {
        var run = SavedRun.Of(info);
        output.WriteLine($"{HostileText.Printable(path)}: snapshot, {Number(new FileInfo(path).Length)} bytes");
        output.WriteLine($"store: {info.StoreId}");
        if (run is not null)
            output.WriteLine($"run: {HostileText.Printable(run.Module)}{(run.Export is { } export ? $", function {HostileText.Quoted(export)}" : "")}");
        output.WriteLine($"modules ({info.Modules.Count})");
        foreach (var module in info.Modules)
            output.WriteLine($"  {(module.Name is { } name ? HostileText.Quoted(name) : "without a name")} with the SHA-256 {Convert.ToHexStringLower(module.Hash.Span)}");
        if ((modulePath ?? run?.Module) is not { } place)
        {
            output.WriteLine("calls: they are shown if --module names the module");
            return;
        }

        using var store = Restore(ModuleFile.Read(place), out var restored);
        WriteCalls(output, restored, all);
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static void WriteCalls(TextWriter output, RestoredStore restored, bool all)
    {
        var memories = restored.Instances.SelectMany(static instance =>
            instance.Module.Exports.Where(static export => export.Type.Kind == ExternKind.Memory).Select(export => instance.GetMemory(export.Name))).Distinct();
        output.WriteLine($"exported memories: {string.Join(", ", memories.Select(static memory => $"{Number((long)memory.PageCount)} pages of 64 KiB").DefaultIfEmpty("none"))}");
        output.WriteLine($"calls ({restored.Calls.Count})");
        foreach (var (call, fiber) in restored.Calls.Zip(restored.Store.Fibers))
        {
            var arguments = call.Pending is { } pending ? $" ({string.Join(", ", pending.Arguments.Select(ValueText.Print))})" : "";
            var waits = call.Pending?.Name ?? (fiber.WaitsFor == MemoryWait ? MemoryWait : null);
            output.WriteLine($"  {call.Id}{(call.Key is { } key ? " " + HostileText.Quoted(key) : "")} {(waits is null ? "goes on when it is its turn" : $"waits for {HostileText.Printable(waits)}{arguments}")}");
            foreach (var frame in all ? fiber.WasmStack : fiber.WasmStack.Take(FramesShown))
                output.WriteLine($"    at {frame}");
            if (!all && fiber.WasmStack.Count > FramesShown)
                output.WriteLine($"    … and {Number(fiber.WasmStack.Count - FramesShown)} more; --all lists them");
        }
    }

    /// <summary>Restores it, with functions of the host that are never called.</summary>
    private Store Restore(ModuleFile file, out RestoredStore restored)
    {
        Exception? problem = null;
        foreach (var usesFuel in (bool[])[false, true])
        {
            try
            {
                var module = file.Load(new Engine(ProgramGrants.OptionsOf(usesFuel, cacheFolder: null)), CancellationToken.None);
                var linker = new Linker(module.Engine).DefineWasi(module);
                foreach (var import in module.Imports.DistinctBy(static import => (import.Module, import.Name)).Where(static import => !ProgramRun.IsOfWasi(import)))
                {
                    if (import.Type is FunctionType type)
                        linker.Define(import.Module, import.Name, type.Signature, NeverCalled);
                }

                using var stream = File.OpenRead(path);
                restored = Store.Restore(module.Engine, stream, linker, new RestoreOptions { Modules = [module] });
                return restored.Store;
            }
            catch (Exception e) when (e is SnapshotException or LinkException or InsufficientMemoryException)
            {
                problem ??= e;
            }
        }

        throw ModuleFile.Problem(path, problem!.Message);
    }

    private static ValueTask<Value[]> NeverCalled(Caller caller, Value[] arguments, CancellationToken cancellationToken) => new([]);
}
