using System.Diagnostics;

namespace Fermata.Bench;

/// <summary>The Node of <c>bench/package.json</c>. Which Node is on the machine otherwise does not matter.</summary>
internal static class NodeInstallation
{
    /// <summary>The path of the program; installs it first where that has not been done.</summary>
    /// <exception cref="BenchException">There is no npm, or the installation failed.</exception>
    public static async Task<string> FindOrInstallAsync()
    {
        var program = BenchFolder.Path("node_modules", "node", "bin", OperatingSystem.IsWindows() ? "node.exe" : "node");
        if (File.Exists(program))
            return program;

        Console.WriteLine("Installing Node with npm, once (about 200 MB on disk) ...");
        await InstallAsync();
        return File.Exists(program) ? program : throw new BenchException($"npm install succeeded, but there is no {program}.");
    }

    private static async Task InstallAsync()
    {
        // On Windows npm is a script, which only the shell can start.
        string[] command = OperatingSystem.IsWindows() ? ["cmd", "/c", "npm"] : ["npm"];
        var start = new ProcessStartInfo(command[0], [.. command[1..], "install", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=http"])
        {
            WorkingDirectory = BenchFolder.Path(),
            UseShellExecute = false,
        };
        try
        {
            using var npm = Process.Start(start)!;
            await npm.WaitForExitAsync();
            if (npm.ExitCode != 0)
                throw new BenchException($"npm install failed in {start.WorkingDirectory} (exit code {npm.ExitCode}).");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new BenchException("npm was not found. It comes with Node.js, of which any recent version will do.");
        }
    }
}
