namespace Fermata.Cli.Tests;

/// <summary>How <c>fermata python</c> comes to its package, with a script in place of npm. What that installs is of another version, which ends the command before Python starts.</summary>
public sealed class PyodidePackageTests : IDisposable
{
    private const string Installs = "mkdir -p \"$prefix/node_modules/pyodide\"; echo '{\"version\": \"0\"}' > \"$prefix/node_modules/pyodide/package.json\"";

    private readonly Folder _folder = new();

    private string Installed => Path.Combine(_folder["cache"], "pyodide-314.0.7");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Npm_installs_it_once_in_the_cache()
    {
        AddNpm(Installs);

        var (exitCode, _, error) = await RunAsync();
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"fermata: Python is not there yet. Once: npm install pyodide@314.0.7 --prefix {Installed}\n", error, StringComparison.Ordinal);
        Assert.EndsWith("is of version 0, and the interface of another one than 314.0.7 is not known. Install pyodide@314.0.7.\n", error, StringComparison.Ordinal);

        (exitCode, _, error) = await RunAsync();
        Assert.Equal(1, exitCode);
        Assert.StartsWith($"fermata: {Installed}", error, StringComparison.Ordinal);
        Assert.Equal([Installed], Directory.GetDirectories(_folder["cache"]));
        Assert.Single(File.ReadAllLines(_folder["calls"]), "install pyodide@314.0.7");
    }

    [Fact]
    public async Task An_installation_that_was_killed_is_none()
    {
        AddNpm($"{Installs}; echo >> '{_folder["half"]}'; kill -9 $PPID; sleep 1");

        var (_, _, error) = await RunAsync();
        Assert.True(File.Exists(_folder["half"]), error);
        Assert.False(Directory.Exists(Installed));

        AddNpm(Installs);
        Directory.SetLastWriteTimeUtc(Assert.Single(Directory.GetDirectories(_folder["cache"])), DateTime.UtcNow - TimeSpan.FromHours(2));
        (_, _, error) = await RunAsync();
        Assert.Contains("is of version 0", error, StringComparison.Ordinal);
        Assert.Equal([Installed], Directory.GetDirectories(_folder["cache"]));
    }

    [Fact]
    public async Task An_installation_that_fails_says_why()
    {
        AddNpm("echo 'npm error code E404' >&2; exit 7");

        var (exitCode, _, error) = await RunAsync();

        Assert.Equal(1, exitCode);
        Assert.EndsWith("\nfermata: npm could not install pyodide@314.0.7 (exit code 7):\nnpm error code E404\n", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(_folder["cache"]));
    }

    [Fact]
    public async Task Without_npm_it_is_said_what_to_install()
    {
        using var process = CliProcess.StartShell($"PATH='{_folder["none"]}' FERMATA_CACHE='{_folder["cache"]}' $fermata python -c 1");

        var (exitCode, _, error) = await process.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("npm was not found, which installs the package pyodide@314.0.7. It comes with Node.js: install that, or name a folder", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_cache_it_is_said_what_to_name()
    {
        var (exitCode, _, error) = _folder.Run("python", "-c", "1");

        Assert.Equal(1, exitCode);
        Assert.StartsWith("fermata: there is no cache to install the npm package pyodide@314.0.7 in, which Python comes from. Name its folder (--pyodide DIR, FERMATA_PYODIDE)", error, StringComparison.Ordinal);
    }

    /// <summary>A command npm that does something with $prefix, and writes down with what it was called.</summary>
    private void AddNpm(string script)
    {
        var npm = _folder.Add("bin/npm", $"#!/bin/sh\necho \"$1 $2\" >> '{_folder["calls"]}'\nwhile [ \"$1\" != --prefix ]; do shift; done\nprefix=$2\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(npm, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync()
    {
        using var process = CliProcess.StartShell($"PATH='{_folder["bin"]}':$PATH FERMATA_CACHE='{_folder["cache"]}' $fermata python -c 1; exit $?");
        return await process.EndAsync();
    }
}
