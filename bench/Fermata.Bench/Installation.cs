using System.ComponentModel;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;

namespace Fermata.Bench;

/// <summary>What npm installs into <c>bench</c>: Node, the compiler of the kernels, and large programs. Which Node is on the machine otherwise does not matter.</summary>
internal static class Installation
{
    // Kept among what is installed, so that it goes with it.
    private const string Installed = ".installed-package-lock.json";

    /// <summary>The path of Node.</summary>
    public static string Node => PackageFile("node", "bin/" + (OperatingSystem.IsWindows() ? "node.exe" : "node"));

    /// <summary>The path of a file of a package.</summary>
    public static string PackageFile(string package, string file) => BenchFolder.Path("node_modules", package, file);

    /// <summary>Where the files of a compressed archive of a package are unpacked, which Node and Wasmtime cannot read themselves.</summary>
    public static string ArchiveFolder(string archive) => BenchFolder.Path("node_modules", ".archives", Path.GetFileName(archive));

    /// <summary>Unpacks an archive of a package, where that has not been done.</summary>
    public static void EnsureUnpacked(string package, string archive)
    {
        var folder = ArchiveFolder(archive);
        if (Directory.Exists(folder))
            return;
        // Whoever sees the folder sees all of it.
        var temporary = Directory.CreateDirectory($"{folder}.{Environment.ProcessId}").FullName;
        using (var stream = new GZipStream(File.OpenRead(PackageFile(package, archive)), CompressionMode.Decompress))
            TarFile.ExtractToDirectory(stream, temporary, overwriteFiles: true);
        Directory.Move(temporary, folder);
    }

    /// <summary>Installs what <c>bench/package-lock.json</c> names, if another version of it is installed or none.</summary>
    /// <exception cref="BenchException">There is no npm, or the installation failed.</exception>
    public static async Task EnsureAsync()
    {
        var wanted = await File.ReadAllTextAsync(BenchFolder.Path("package-lock.json"));
        var installed = BenchFolder.Path("node_modules", Installed);
        if (File.Exists(installed) && await File.ReadAllTextAsync(installed) == wanted)
            return;
        Console.WriteLine("Installing Node, a compiler and programs with npm, once (about 500 MB on disk) ...");
        await RunNpmAsync("install", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=http");
        if (!File.Exists(Node))
            throw new BenchException($"npm install succeeded, but there is no {Node}.");
        await File.WriteAllTextAsync(installed, wanted);
    }

    private static async Task RunNpmAsync(params string[] arguments)
    {
        // On Windows npm is a script, which only the shell can start.
        string[] command = OperatingSystem.IsWindows() ? ["cmd", "/c", "npm"] : ["npm"];
        var start = new ProcessStartInfo(command[0], [.. command[1..], .. arguments]) { WorkingDirectory = BenchFolder.Path() };
        try
        {
            using var npm = Process.Start(start)!;
            await npm.WaitForExitAsync();
            if (npm.ExitCode != 0)
                throw new BenchException($"npm install failed in {start.WorkingDirectory} (exit code {npm.ExitCode}).");
        }
        catch (Win32Exception)
        {
            throw new BenchException("npm was not found. It comes with Node.js, of which any recent version will do.");
        }
    }
}
