using System.Diagnostics;
using System.Text.Json;

namespace Fermata.Python.Tests;

/// <summary>
/// The standard library does the same as in Pyodide under Node: scripts of <c>Library/modules</c>, statement by statement. Pyodide does not have CPython's own tests.
/// Differences that have a reason are in <c>Library/differences.txt</c>.
/// </summary>
public sealed class LibraryTests
{
    private static readonly NpmPackages Packages = new("tests", "Fermata.Emscripten.Tests", "npm");

    private static readonly string Library = Path.Combine(RepositoryFolder.Path, "tests", "Fermata.Python.Tests", "Library");

    private static readonly Lazy<Task<Dictionary<string, string>>> Expected = new(RunNodeAsync), Actual = new(RunAsync);

    /// <summary>Lines of the form <c>module.py:12 reason</c>.</summary>
    private static readonly Lazy<HashSet<string>> Differences = new(() =>
        [.. File.ReadLines(Path.Combine(Library, "differences.txt")).Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' ')[0])]);

    private static readonly string[] Names = [.. Directory.GetFiles(Path.Combine(Library, "modules"), "*.py").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Scripts => [.. Names];

    [NpmTheory(IsHeavy = true)]
    [MemberData(nameof(Scripts))]
    public async Task AModuleDoesTheSameAsInPyodide(string script)
    {
        var (expected, actual) = ((await Expected.Value)[script].Split('\n'), (await Actual.Value)[script].Split('\n'));
        Assert.Equal(expected.Length, actual.Length);
        var differences = expected.Zip(actual).Where(pair => pair.First != pair.Second).ToDictionary(pair => $"{script}:{pair.First.Split(':')[0]}");
        var unexplained = differences.Where(pair => !Differences.Value.Contains(pair.Key)).Select(pair => $"in Pyodide: {pair.Value.First}\nhere:       {pair.Value.Second}").ToList();
        Assert.True(unexplained.Count == 0, $"{script}: {unexplained.Count} differences of {expected.Length} lines.\n{string.Join('\n', unexplained)}");
        Assert.Empty(Differences.Value.Where(line => line.StartsWith($"{script}:", StringComparison.Ordinal)).Except(differences.Keys));
    }

    private static async Task<Dictionary<string, string>> RunAsync()
    {
        await using var python = await Interpreters.StartAsync(new PythonHost().WithEnvironment("PYTHONHASHSEED", "0"));
        using var transcript = python.Run(await File.ReadAllTextAsync(Path.Combine(Library, "transcript.py")));
        var result = new Dictionary<string, string>();
        foreach (var script in Names)
            result[script] = await transcript.CallPromisingAsync<string>(script, await File.ReadAllTextAsync(Path.Combine(Library, "modules", script)));
        return result;
    }

    private static async Task<Dictionary<string, string>> RunNodeAsync()
    {
        var start = new ProcessStartInfo("node", [Path.Combine(Library, "pyodide.mjs"), Path.GetDirectoryName(Packages["pyodide", "package.json"])!, Library])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TZ"] = "UTC" },
        };
        using var node = Process.Start(start)!;
        var error = node.StandardError.ReadToEndAsync();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        return node.ExitCode == 0
            ? JsonSerializer.Deserialize<Dictionary<string, string>>(output)!
            : throw new InvalidOperationException($"Pyodide failed in Node (exit code {node.ExitCode}):\n{await error}");
    }
}
