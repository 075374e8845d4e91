using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Fermata.Samples.Tests;

/// <summary>The sample without a compiler at run time, published as it is meant to be.</summary>
public sealed class NativeAotTests : IDisposable
{
    private const string Expected = """
        price of 7?
        the call is suspended, and 7 costs 70
        price of 8?
        the call is suspended, and 8 costs 80
        price of 9?
        the call is suspended, and 9 costs 90
        total: 240
        trap: out of bounds memory access
          at total
        no code was made at run time

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("fermata-aot-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [NativeAotFact]
    public async Task A_compiled_module_suspends_and_traps_in_a_native_program()
    {
        var project = Path.Combine(RepositoryFolder.Path, "samples", "NativeAot", "NativeAot.csproj");

        var (exitCode, output) = await RunAsync("dotnet", "publish", project, "-c", "Release", "-v", "q", "-nologo", "--artifacts-path", _folder);
        Assert.True(exitCode == 0, output);
        Assert.Equal((0, Expected), await RunAsync(Path.Combine(_folder, "publish", "NativeAot", "release", "NativeAot")));
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    /// <summary>A test that needs the native compiler among NuGet's packages, and a linker.</summary>
    private sealed class NativeAotFactAttribute : FactAttribute
    {
        public NativeAotFactAttribute()
        {
            var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
            var compiler = $"runtime.{RuntimeInformation.RuntimeIdentifier}.microsoft.dotnet.ilcompiler";
            if (!Directory.Exists(Path.Combine(packages, compiler)))
                Skip = $"NuGet has no package {compiler}.";
            else if (!Array.Exists(["clang", "gcc"], program => File.Exists($"/usr/bin/{program}")))
                Skip = "There is no linker.";
            Skip ??= Heavy.SkipReason;
        }
    }
}
