using System.ComponentModel;
using System.Diagnostics;
using Fermata.Python;
using Fermata.Structure;

namespace Fermata.Cli;

/// <summary>The npm package that Python comes from: one that is named, or else one in the folder of the cache, where npm installs it once.</summary>
internal sealed class PyodidePackage(Terminal terminal)
{
    /// <summary>The environment variable that says where it is, as <c>--pyodide</c> does.</summary>
    public const string Variable = "FERMATA_PYODIDE";

    private const string Name = $"pyodide@{PythonDistribution.Version}", UnfinishedExtension = ".unfinished";

    /// <summary>After which time an installation that is not finished is none that goes on.</summary>
    private static readonly TimeSpan LongestInstallation = TimeSpan.FromHours(1);

    /// <summary>Loads what is in it.</summary>
    /// <param name="setting">A folder that is named; null or empty for none.</param>
    /// <param name="engineOptions">Options of the engine.</param>
    /// <param name="cacheFolder">The folder of the cache; null for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What was loaded, and the folder of the package.</returns>
    /// <exception cref="CommandException">It is not there, and cannot be installed.</exception>
    public async Task<(PythonDistribution Distribution, string Folder)> LoadAsync(string? setting, EngineOptions engineOptions, string? cacheFolder, CancellationToken cancellationToken)
    {
        var folder = await FolderAsync(setting, cacheFolder, cancellationToken).ConfigureAwait(false);
        using var notice = new Notice(terminal, "loading Python …");
        var library = cacheFolder is null ? null : Path.Combine(cacheFolder, "python");
        return (await PythonDistribution.LoadAsync(new Engine(engineOptions), folder, library, cancellationToken).ConfigureAwait(false), folder);
    }

    /// <summary>Its folder.</summary>
    /// <param name="setting">A folder that is named; null or empty for none.</param>
    /// <param name="cacheFolder">The folder of the cache; null for none.</param>
    /// <param name="cancellationToken">Ends npm.</param>
    /// <exception cref="CommandException">It is not there, and cannot be installed.</exception>
    public async Task<string> FolderAsync(string? setting, string? cacheFolder, CancellationToken cancellationToken)
    {
        if (setting is { Length: > 0 })
        {
            return File.Exists(Path.Combine(setting, "package.json"))
                ? setting
                : throw new CommandException($"{HostileText.Printable(setting)}: the npm package {Name} is not there (--pyodide, {Variable}). Without the option npm installs it in the cache.");
        }

        if (cacheFolder is null)
            throw new CommandException($"there is no cache to install the npm package {Name} in, which Python comes from. Name its folder (--pyodide DIR, {Variable}), or a cache (--cache DIR).");
        var folder = Path.Combine(Path.GetFullPath(cacheFolder), $"pyodide-{PythonDistribution.Version}");
        if (!Directory.Exists(folder))
            await InstallAsync(folder, cancellationToken).ConfigureAwait(false);
        return Path.Combine(folder, "node_modules", "pyodide");
    }

    /// <summary>Has npm install it in another folder, which gets its name when all is there: whoever ends this in the middle leaves nothing that could be taken for the package.</summary>
    private async Task InstallAsync(string folder, CancellationToken cancellationToken)
    {
        var unfinished = $"{folder}.{Guid.NewGuid():N}{UnfinishedExtension}";
        terminal.Error.WriteLine($"fermata: Python is not there yet. Once: npm install {Name} --prefix {HostileText.Printable(folder)}");
        try
        {
            RemoveLeftOvers(Path.GetDirectoryName(folder)!);
            MakeFolder(unfinished);
            using (new Notice(terminal, $"npm installs {Name} …"))
                await RunNpmAsync(["install", Name, "--prefix", unfinished, "--ignore-scripts", "--no-audit", "--no-fund"], cancellationToken).ConfigureAwait(false);
            Finish(unfinished, folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{HostileText.Printable(folder)}: {HostileText.Printable(e.Message)}");
        }
        finally
        {
            Remove(unfinished);
        }
    }

    private static async Task RunNpmAsync(string[] arguments, CancellationToken cancellationToken)
    {
        // On Windows npm is a script, which only the shell can start.
        string[] command = OperatingSystem.IsWindows() ? ["cmd", "/c", "npm"] : ["npm"];
        var start = new ProcessStartInfo(command[0], [.. command[1..], .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        Process npm;
        try
        {
            npm = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new CommandException($"npm was not found, which installs the package {Name}. It comes with Node.js: install that, or name a folder that has the package (--pyodide DIR, {Variable}).");
        }

        using (npm)
        {
            try
            {
                npm.StandardInput.Close();
                var output = npm.StandardOutput.ReadToEndAsync(cancellationToken);
                var error = await npm.StandardError.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
                await output.ConfigureAwait(false);
                await npm.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
                if (npm.ExitCode != 0)
                    throw new CommandException($"npm could not install {Name} (exit code {npm.ExitCode}):\n{HostileText.Printable(error.Trim())}");
            }
            catch (OperationCanceledException)
            {
                npm.Kill(entireProcessTree: true);
                throw;
            }
        }
    }

    private static void Finish(string unfinished, string folder)
    {
        if (!File.Exists(Path.Combine(unfinished, "node_modules", "pyodide", "package.json")))
            throw new CommandException($"npm has installed no {Name}. Is it another npm than that of Node.js?");
        try
        {
            Directory.Move(unfinished, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Another process was faster.
        }
    }

    /// <summary>Removes what processes left that were killed.</summary>
    private static void RemoveLeftOvers(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (var unfinished in Directory.GetDirectories(folder, $"*{UnfinishedExtension}").Where(path => DateTime.UtcNow - Directory.GetLastWriteTimeUtc(path) > LongestInstallation))
            Remove(unfinished);
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>Makes a folder for the user alone, as what is in it is executed.</summary>
    private static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
