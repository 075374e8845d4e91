using System.Runtime.InteropServices;
using System.Text.Json;

namespace Fermata.Bench;

/// <summary>What the numbers were measured on, and in.</summary>
internal static class Machine
{
    /// <summary>Processor and system.</summary>
    public static string Description => $"{Processor}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}";

    /// <summary>The engines and their versions.</summary>
    public static IEnumerable<string> Engines =>
    [
        $"Fermata on {RuntimeInformation.FrameworkDescription}",
        .. PackedTool.Current.Shortcoming is { } shortcoming ? [shortcoming] : Array.Empty<string>(),
        NodeVersion(),
        $"Wasmtime {typeof(Wasmtime.Engine).Assembly.GetName().Version?.ToString(2)}",
        .. KernelBuild.Gcc is { } gcc ? [gcc] : Array.Empty<string>(),
    ];

    private static string Processor =>
        LinuxProcessor() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static string NodeVersion()
    {
        using var package = JsonDocument.Parse(File.ReadAllBytes(Installation.PackageFile("node", "package.json")));
        return $"Node {package.RootElement.GetProperty("version").GetString()}";
    }

    private static string? LinuxProcessor()
    {
        const string file = "/proc/cpuinfo";
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':') + 1)..].Trim();
    }
}
