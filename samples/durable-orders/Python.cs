using System.Globalization;
using Fermata.Durable;
using Fermata.Platform.FileSystems;
using Fermata.Wasi;

namespace Fermata.Samples.DurableOrders;

/// <summary>CPython as npm has it, which runs <c>order.py</c>. It imports nothing of the shop: what it asks it asks by files.</summary>
internal static class Python
{
    private const string Name = "python-3.11.3";

    /// <summary>Where npm puts it.</summary>
    public static string Folder { get; } = Path.Combine("samples", "durable-orders", "node_modules", "@runno", "sandbox", "dist", "langs");

    /// <summary>Gives a host Python, if it is there.</summary>
    /// <param name="host">The host, which has not started.</param>
    /// <param name="folder">Where it is.</param>
    /// <param name="hour">How long an hour takes.</param>
    /// <returns>The module; null if it is not there.</returns>
    public static async Task<DurableModule?> AddToAsync(DurableHost host, string folder, TimeSpan hour)
    {
        if (!File.Exists(Path.Combine(folder, $"{Name}.wasm")))
            return null;
        var script = new MemoryFileSystem();
        script.AddText("order.py", await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "order.py")));

        // Interpreters that hash alike have most of their pages in common, and the database has these once.
        host.DefineWasi(new WasiBuilder()
            .WithProgramName("python")
            .WithArguments("/app/order.py")
            .WithEnvironment("PYTHONHASHSEED", "0")
            .WithEnvironment("HOUR", hour.TotalSeconds.ToString(CultureInfo.InvariantCulture))
            .WithDirectory("/", new TarFileSystem(Path.Combine(folder, $"{Name}.tar.gz")))
            .WithDirectory("/app", script));
        return await host.AddModuleAsync(await File.ReadAllBytesAsync(Path.Combine(folder, $"{Name}.wasm")), "python");
    }
}
