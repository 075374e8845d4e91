using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Fermata.Bench;

/// <summary>
/// The command line as its package has it, with machine code: what users start. A build has IL alone, which .NET compiles at each start. It is published once for each state of its sources.
/// </summary>
/// <param name="repository">The working copy.</param>
/// <param name="folder">Where it is published.</param>
/// <param name="build">The program as it is built, which is taken where nothing can be packed.</param>
/// <param name="dotnet">Runs <c>dotnet</c> in the working copy, and has its exit code and output.</param>
internal sealed class PackedTool(string repository, string folder, string build, Func<IReadOnlyList<string>, Task<(int ExitCode, string Output)>> dotnet)
{
    private const string Project = "src/Fermata.Cli", Artifacts = "artifacts";

    private static readonly string Extension = OperatingSystem.IsWindows() ? ".exe" : "";
    private static readonly string Platform = RuntimeInformation.RuntimeIdentifier;

    private string? _program;

    /// <summary>That of the working copy which this program was built in.</summary>
    public static PackedTool Current { get; } = new(
        BenchFolder.Path(".."), BenchFolder.Path("tool"), Path.Combine(AppContext.BaseDirectory, $"Fermata.Cli{Extension}"), RunAsync);

    /// <summary>The path of the program.</summary>
    /// <exception cref="InvalidOperationException">It was not ensured.</exception>
    public string Program => _program ?? throw new InvalidOperationException("The tool was not published.");

    /// <summary>Why the program has no machine code; null if it has, or nobody has asked for it yet.</summary>
    public string? Shortcoming { get; private set; }

    /// <summary>Publishes it, if it is not there or its sources are others by now. If there are no packages of the platform for that, it is the one that was built.</summary>
    /// <exception cref="BenchException">It cannot be published.</exception>
    public async Task EnsureAsync()
    {
        var published = Path.Combine(folder, Fingerprint());
        if (!File.Exists(ProgramIn(published)))
        {
            Console.WriteLine("Publishing fermata with machine code, once for each state of its sources ...");
            string[] common = [Project, "--artifacts-path", Path.Combine(folder, Artifacts), "--nologo", "--verbosity", "quiet"];
            var (restored, problem) = await dotnet(["restore", .. common, $"-p:RuntimeIdentifier={Platform}"]);
            if (restored != 0)
            {
                Shortcoming = $"fermata as it is built, without machine code, as packages of {Platform} could not be restored";
                Console.WriteLine($"{problem.Trim()}\nIt is measured as it is built, without machine code: packages of {Platform} for that could not be restored.");
                _program = build;
                return;
            }

            await PublishAsync(common, published);
        }

        _program = ProgramIn(published);
    }

    private static string ProgramIn(string folder) => Path.Combine(folder, $"Fermata.Cli{Extension}");

    /// <summary>Whoever sees the folder sees all of it, and none of earlier sources is left.</summary>
    private async Task PublishAsync(string[] common, string published)
    {
        var unfinished = $"{published}.{Environment.ProcessId}";
        var (exitCode, problem) = await dotnet(["publish", .. common, "--no-restore", "-c", "Release", "-r", Platform, "-p:RunAnalyzers=false", "-o", unfinished]);
        if (exitCode != 0 || !File.Exists(ProgramIn(unfinished)))
            throw new BenchException($"fermata could not be published (dotnet publish {Project} -c Release -r {Platform}, exit code {exitCode}):\n{problem.Trim()}");
        foreach (var old in Directory.GetDirectories(folder).Where(path => path != unfinished && Path.GetFileName(path) != Artifacts))
            Directory.Delete(old, recursive: true);
        Directory.Move(unfinished, published);
    }

    /// <summary>Tells apart all that it is made of.</summary>
    private string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{RuntimeInformation.FrameworkDescription} {Platform}"));
        foreach (var file in Sources().Order(StringComparer.Ordinal))
        {
            var content = File.ReadAllBytes(Path.Combine(repository, file));
            hash.AppendData(Encoding.UTF8.GetBytes($"\n{file} {content.Length}\n"));
            hash.AppendData(content);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 6));
    }

    /// <summary>The paths of the sources, from the working copy.</summary>
    private IEnumerable<string> Sources()
    {
        var source = Path.Combine(repository, "src");
        return Directory.GetFiles(repository, "*.props")
            .Concat(Directory.GetFiles(source))
            .Concat(Directory.GetDirectories(source).SelectMany(project => Directory.GetFiles(project)
                .Concat(Directory.GetDirectories(project).Where(part => Path.GetFileName(part) is not ("bin" or "obj")).SelectMany(part => Directory.GetFiles(part, "*", SearchOption.AllDirectories)))))
            .Select(path => Path.GetRelativePath(repository, path));
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = BenchFolder.Path(".."), RedirectStandardOutput = true, RedirectStandardError = true };
        // Nothing goes on behind it that would be measured.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, output + await error);
        }
        catch (Win32Exception)
        {
            throw new BenchException("dotnet was not found, which publishes fermata.");
        }
    }
}
