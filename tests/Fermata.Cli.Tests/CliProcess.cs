using System.Diagnostics;

namespace Fermata.Cli.Tests;

/// <summary><c>fermata</c> in a process of its own, with pipes for its standard streams.</summary>
internal sealed class CliProcess : IDisposable
{
    /// <summary>Long enough for a machine under load: whatever takes that long hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;

    private CliProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["FERMATA_CACHE"] = "off";
        start.Environment["NUGET_PACKAGES"] = NoPackages;
        _process = Process.Start(start)!;
    }

    /// <summary>A folder of NuGet's packages, without the compiler that would make code for a cache behind the tests.</summary>
    public static string NoPackages { get; } = Path.Combine(AppContext.BaseDirectory, "packages");

    /// <summary>What starts it in a shell, in front of the arguments.</summary>
    public static string Command { get; } = $"'{Environment.ProcessPath}' exec '{Path.Combine(AppContext.BaseDirectory, "Fermata.Cli.dll")}'";

    public int Id => _process.Id;

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    public static CliProcess Start(params string[] arguments)
    {
        string[] command = [Environment.ProcessPath!, "exec", Path.Combine(AppContext.BaseDirectory, "Fermata.Cli.dll"), .. arguments];

        // A shell has its background jobs ignore SIGINT, the tests among them, and what they start would, too.
        if (IgnoresInterruption())
            command = ["env", "--default-signal=INT", .. command];
        return new CliProcess(new ProcessStartInfo(command[0], command[1..]));
    }

    /// <summary>Runs commands of a shell, in which <c>$fermata</c> is the command.</summary>
    public static CliProcess StartShell(string commands) => new(new ProcessStartInfo("sh", ["-c", commands.Replace("$fermata", Command, StringComparison.Ordinal)]));

    /// <summary>Sends a signal, such as <c>INT</c>.</summary>
    public void Send(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Reads so many bytes of the output.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        await Output.ReadExactlyAsync(bytes).AsTask().WaitAsync(Patience);
        return bytes;
    }

    /// <summary>Reads a line of what it says on standard error.</summary>
    public async Task<string?> ReadErrorLineAsync() => await _process.StandardError.ReadLineAsync().WaitAsync(Patience);

    /// <summary>Waits for the end, and has what is left of the output as text.</summary>
    public async Task<(int ExitCode, string Output, string Error)> EndAsync(bool readsOutput = true)
    {
        var error = _process.StandardError.ReadToEndAsync();
        var output = readsOutput ? await _process.StandardOutput.ReadToEndAsync().WaitAsync(Patience) : "";
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return (_process.ExitCode, output, await error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private static bool IgnoresInterruption()
    {
        const string Ignored = "SigIgn:", Status = "/proc/self/status";
        const int SigInt = 2;
        return File.Exists(Status)
            && File.ReadLines(Status).First(line => line.StartsWith(Ignored, StringComparison.Ordinal)) is var line
            && (Convert.ToUInt64(line[Ignored.Length..].Trim(), 16) >> (SigInt - 1) & 1) != 0;
    }
}
