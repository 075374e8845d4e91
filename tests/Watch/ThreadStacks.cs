using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Fermata.Tests.Shared;

/// <summary>The stacks of all managed threads of a process, from the crash report that the <c>createdump</c> of the .NET runtime writes.</summary>
/// <remarks>.NET has no way to ask for the stack of another thread. On Windows, where there are no crash reports, nothing is told.</remarks>
internal static class ThreadStacks
{
    private const int PrSetPtracer = 0x59616d61;
    private const nint AnyProcess = -1;

    /// <summary>What begins the names of methods that call tests and awaited code: the same in each stack, and nothing that a test waits for.</summary>
    private static readonly string[] LeftOut = ["Xunit.Sdk.", "System.Runtime.CompilerServices.Async"];

    /// <summary>The stacks, as text; why there are none, if that cannot be told.</summary>
    public static string Of(int process)
    {
        try
        {
            return Format(ReportOf(process));
        }
#pragma warning disable CA1031 // Who asks has something to report in any case.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return $"No stacks: {exception.Message}";
        }
    }

    private static string ReportOf(int process)
    {
        var file = Path.Combine(Path.GetTempPath(), $"fermata-stacks-{Guid.NewGuid()}");
        var report = file + ".crashreport.json";
        try
        {
            AllowTracing();
            var tool = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "createdump");
            using var dump = Process.Start(new ProcessStartInfo(tool, ["--crashreportonly", "--name", file, $"{process}"]) { RedirectStandardOutput = true })!;
            dump.StandardOutput.ReadToEnd();
            dump.WaitForExit();
            return File.ReadAllText(report);
        }
        finally
        {
            File.Delete(report);
        }
    }

    private static string Format(string report)
    {
        using var json = JsonDocument.Parse(report);
        var text = new StringBuilder();
        foreach (var thread in json.RootElement.GetProperty("payload").GetProperty("threads").EnumerateArray())
        {
            if (thread.GetProperty("is_managed").GetString() != "true")
                continue;
            text.Append($"Thread {thread.GetProperty("native_thread_id")}\n");
            foreach (var frame in thread.GetProperty("stack_frames").EnumerateArray())
            {
                if (frame.TryGetProperty("method_name", out var name) && !LeftOut.Any(name.GetString()!.StartsWith))
                    text.Append($"  at {name}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>Linux may have it that a process is traced by none but its parents.</summary>
    private static void AllowTracing()
    {
        if (OperatingSystem.IsLinux())
            _ = SetProcessOption(PrSetPtracer, AnyProcess, 0, 0, 0);
    }

    [DllImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetProcessOption(int option, nint argument2, nint argument3, nint argument4, nint argument5);
}
