using System.Runtime.InteropServices;

namespace Fermata.Bench;

/// <summary>What the numbers were measured on.</summary>
internal static class Machine
{
    public static string System => $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}";

    public static string Processor =>
        LinuxProcessor() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static string? LinuxProcessor()
    {
        const string file = "/proc/cpuinfo";
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':') + 1)..].Trim();
    }
}
