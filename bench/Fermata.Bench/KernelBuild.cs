using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Fermata.Bench;

/// <summary>Compiles the kernels in <c>bench/kernels</c>, to WebAssembly with clang and for this machine with gcc, where the output is not there yet.</summary>
internal static class KernelBuild
{
    // Floating-point operations are those of the source, as in WebAssembly. Vectors of 128 bits need SSE 4.1, which wasm's have the instructions of.
    private static readonly string[] NativeOptions =
    [
        "-std=gnu17", "-O2", "-ffreestanding", "-nostdlib", "-shared", "-fPIC", "-fvisibility=hidden", "-ffp-contract=off", "-fno-math-errno", "-Wno-psabi",
        .. RuntimeInformation.ProcessArchitecture == Architecture.X64 ? ["-msse4.1"] : Array.Empty<string>(),
    ];

    /// <summary>Version and name of gcc; null if it is not there.</summary>
    public static string? Gcc => FoundGcc.Value;

    private static readonly Lazy<string?> FoundGcc = new(FindGcc);

    /// <summary>The path of a kernel's output, whose name tells all that it is made of.</summary>
    /// <param name="name">The kernel.</param>
    /// <param name="extension"><c>.wasm</c> or <c>.so</c>.</param>
    public static string Output(string name, string extension)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Sources(name).Append(BenchFolder.Path("package-lock.json")))
            hash.AppendData(File.ReadAllBytes(file));
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(string.Join(' ', NativeOptions)));
        return BenchFolder.Path("kernels", "built", $"{name}-{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 6))}{extension}");
    }

    /// <summary>Compiles the kernels that are not compiled yet.</summary>
    /// <exception cref="BenchException">A kernel does not compile.</exception>
    public static async Task EnsureAsync(IEnumerable<Kernel> kernels)
    {
        var inC = kernels.Where(kernel => kernel.IsC).ToArray();
        Directory.CreateDirectory(BenchFolder.Path("kernels", "built"));
        var missing = inC.Where(kernel => !File.Exists(kernel.Module)).ToArray();
        if (missing.Length > 0)
        {
            Console.WriteLine($"Compiling {missing.Length} kernels with clang, once ...");
            await RunAsync(Installation.Node, [BenchFolder.Path("kernels", "compile.mjs"), .. missing.SelectMany(kernel => new[] { kernel.Name, kernel.Module })]);
        }

        if (Gcc is null)
            return;
        foreach (var kernel in inC.Where(kernel => !File.Exists(kernel.Library)))
        {
            var temporary = $"{kernel.Library}.{Environment.ProcessId}";
            await RunAsync("gcc", [.. NativeOptions, BenchFolder.Path("kernels", kernel.Name + ".c"), "-o", temporary]);
            File.Move(temporary, kernel.Library, overwrite: true);
        }
    }

    private static IEnumerable<string> Sources(string name) =>
        new[] { name + ".c", "kernel.h", "heap.h", "compile.mjs" }.Select(file => BenchFolder.Path("kernels", file));

    private static async Task RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new BenchException($"{Path.GetFileName(program)} failed (exit code {process.ExitCode}) when it compiled kernels.");
    }

    private static string? FindGcc()
    {
        try
        {
            using var gcc = Process.Start(new ProcessStartInfo("gcc", ["-dumpfullversion"]) { RedirectStandardOutput = true })!;
            var version = gcc.StandardOutput.ReadToEnd().Trim();
            gcc.WaitForExit();
            return gcc.ExitCode == 0 ? $"gcc {version}" : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
