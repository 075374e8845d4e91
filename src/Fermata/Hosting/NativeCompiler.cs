using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Fermata;

/// <summary>crossgen2, the compiler of .NET that makes machine code of assemblies ahead of time (ReadyToRun). It is no part of Fermata, but a package of NuGet's.</summary>
public sealed class NativeCompiler
{
    private const int MaxProblemLength = 2_000;

    /// <param name="path">The program.</param>
    public NativeCompiler(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = path;
    }

    /// <summary>The name of the package for the platform of this process, such as <c>Microsoft.NETCore.App.Crossgen2.linux-x64</c>.</summary>
    public static string PackageName => $"Microsoft.NETCore.App.Crossgen2.{Platform}";

    /// <summary>The program.</summary>
    public string Path { get; }

    /// <summary>The priority with which it runs. Default: normal.</summary>
    public ProcessPriorityClass Priority { get; init; } = ProcessPriorityClass.Normal;

    private static string Platform
    {
        get
        {
            var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? "linux-musl" : "linux";
            return $"{system}-{Architecture}";
        }
    }

    private static string Architecture => RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>
    /// The one among the packages that NuGet keeps for the user (<c>NUGET_PACKAGES</c>, or <c>.nuget/packages</c> in the home directory): of this version of .NET, or else the newest
    /// of the same major version.
    /// </summary>
    /// <returns>Null if there is none.</returns>
    public static NativeCompiler? Find()
    {
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
            ? folder
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return FindIn(packages);
    }

    internal static NativeCompiler? FindIn(string packages)
    {
        var package = System.IO.Path.Combine(packages, PackageName.ToLowerInvariant());
        if (!Directory.Exists(package))
            return null;
        var running = Environment.Version;
        var program = OperatingSystem.IsWindows() ? "crossgen2.exe" : "crossgen2";
        var found =
            from version in Directory.EnumerateDirectories(package)
            where Version.TryParse(System.IO.Path.GetFileName(version), out var number) && number.Major == running.Major
            let path = System.IO.Path.Combine(version, "tools", program)
            where File.Exists(path)
            select (Number: Version.Parse(System.IO.Path.GetFileName(version)), Path: path);
        var best = found.OrderByDescending(candidate => candidate.Number == running).ThenByDescending(candidate => candidate.Number).FirstOrDefault();
        return best.Path is null ? null : new NativeCompiler(best.Path);
    }

    /// <summary>Makes an assembly with machine code of one that has none, for the platform of this process; .NET uses it where it runs with the same processor features.</summary>
    /// <remarks>It takes some 5 s of processor time for each megabyte of a module's code.</remarks>
    /// <param name="assembly">The path of an assembly that <see cref="Module.WriteAssembly"/> wrote.</param>
    /// <param name="output">The path to write.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidOperationException">The program cannot be started, or failed; the message has what it printed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task CompileAsync(string assembly, string output, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(assembly);
        ArgumentException.ThrowIfNullOrEmpty(output);
        using var process = Start(assembly, output);
        try
        {
            process.StandardInput.Close();
            var printed = await Task.WhenAll(process.StandardError.ReadToEndAsync(cancellationToken), process.StandardOutput.ReadToEndAsync(cancellationToken)).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            if (process.ExitCode != 0)
                throw Failed($"ended with exit code {process.ExitCode}: {Shortened(string.Concat(printed).Trim())}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    private Process Start(string assembly, string output)
    {
        var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        var library = System.IO.Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string[] arguments =
        [
            assembly, "-o", output, "-r", System.IO.Path.Combine(library, "*.dll"), "-r", typeof(NativeCompiler).Assembly.Location,
            "--targetos", system, "--targetarch", Architecture, "--instruction-set", "native", "-O",
        ];
        try
        {
            var process = Process.Start(new ProcessStartInfo(Path, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                CreateNoWindow = true,
            })!;
            if (Priority != ProcessPriorityClass.Normal && !process.HasExited)
                process.PriorityClass = Priority;
            return process;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            throw Failed($"cannot be started: {e.Message}", e);
        }
    }

    private InvalidOperationException Failed(string problem, Exception? inner = null) => new($"{Path} {problem}", inner);

    private static string Shortened(string text) => text.Length <= MaxProblemLength ? text : text[..MaxProblemLength] + " …";
}
