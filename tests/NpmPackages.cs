using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Fermata.Tests.Shared;

/// <summary>
/// What is installed from a folder's <c>package-lock.json</c>, for tests of programs that others compiled. Without npm such tests are skipped, and in continuous
/// integration (CI=true) they fail. Compiled into each project that needs it.
/// </summary>
internal sealed class NpmPackages
{
    // Kept among what is installed, so that it goes with it.
    private const string Installed = ".installed-package-lock.json";

    private static readonly Lazy<bool> HasNpm = new(() => TryStart(["--version"], Environment.CurrentDirectory) is { ExitCode: 0 });

    private readonly string _folder;
    private readonly Lazy<bool> _installation;

    /// <param name="folder">The folder, from the root of the repository.</param>
    public NpmPackages(params ReadOnlySpan<string> folder)
    {
        _folder = Path.Combine([RepositoryFolder.Path, .. folder]);
        _installation = new Lazy<bool>(Install);
    }

    /// <summary>Why tests that need packages are skipped; null where they run.</summary>
    public static string? SkipReason => HasNpm.Value || Environment.GetEnvironmentVariable("CI") == "true"
        ? null
        : "npm is not there, which installs what the test runs. It comes with Node.js.";

    /// <summary>The path of a file of a package; installs all packages of the folder first where that has not been done.</summary>
    /// <param name="package">The name of the package.</param>
    /// <param name="file">The file in it.</param>
    /// <exception cref="InvalidOperationException">There is no npm, or the installation failed.</exception>
    public string this[string package, string file]
    {
        get
        {
            _ = _installation.Value;
            return Path.Combine(_folder, "node_modules", package, file);
        }
    }

    /// <summary>One process installs, others wait for it.</summary>
    private bool Install()
    {
        using var mutex = new Mutex(initiallyOwned: false, $"Global\\fermata-npm-{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(_folder)))}");
        try
        {
            mutex.WaitOne();
        }
        catch (AbandonedMutexException)
        {
            // Whoever had it died in the middle; it is ours now, and npm begins with an empty folder.
        }

        try
        {
            var wanted = File.ReadAllText(Path.Combine(_folder, "package-lock.json"));
            var installed = Path.Combine(_folder, "node_modules", Installed);
            if (File.Exists(installed) && File.ReadAllText(installed) == wanted)
                return true;
            if (TryStart(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], _folder) is not { } npm)
                throw new InvalidOperationException("npm was not found. It comes with Node.js.");
            if (npm.ExitCode != 0)
                throw new InvalidOperationException($"npm ci failed in {_folder} (exit code {npm.ExitCode}): {npm.Error}");
            File.WriteAllText(installed, wanted);
            return true;
        }
        finally
        {
            mutex.ReleaseMutex();
        }
    }

    private static (int ExitCode, string Error)? TryStart(string[] arguments, string folder)
    {
        // On Windows npm is a script, which only the shell can start.
        string[] command = OperatingSystem.IsWindows() ? ["cmd", "/c", "npm"] : ["npm"];
        var start = new ProcessStartInfo(command[0], [.. command[1..], .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var npm = Process.Start(start)!;
            npm.OutputDataReceived += (_, _) => { };
            npm.BeginOutputReadLine();
            var error = npm.StandardError.ReadToEnd();
            npm.WaitForExit();
            return (npm.ExitCode, error);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
