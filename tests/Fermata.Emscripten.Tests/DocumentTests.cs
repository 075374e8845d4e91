using System.Text.RegularExpressions;
using Fermata.Emscripten.Functions;
using Fermata.Emscripten.Glue;

namespace Fermata.Emscripten.Tests;

/// <summary>docs/emscripten.md has a line for each function that programs import, and the tests that it names call it.</summary>
public sealed partial class DocumentTests
{
    private static readonly string Tests = Path.Combine(RepositoryFolder.Path, "tests", "Fermata.Emscripten.Tests");

    private static readonly List<Match> Rows =
        [.. File.ReadLines(Path.Combine(RepositoryFolder.Path, "docs", "emscripten.md")).Select(line => Line().Match(line)).Where(match => match.Success)];

    private static readonly List<(string Function, string Tests)> Lines =
    [
        .. from match in Rows
           from function in Quoted().Matches(match.Groups["functions"].Value)
           from tests in Quoted().Matches(match.Groups["tests"].Value)
           select (function.Groups[1].Value, tests.Groups[1].Value),
    ];

    [Fact]
    public void EachFunctionHasALine() =>
        Assert.Equal(EmscriptenFunctions.Functions.Select(function => function.Name).Except(GlueDefinitions.HostFunctions.Keys).Order(StringComparer.Ordinal), Lines.Select(line => line.Function).Distinct().Order(StringComparer.Ordinal));

    /// <summary>First for the line, and then for some of its functions.</summary>
    [Fact]
    public void EachLineTellsSinceWhenThereAreItsFunctions() => Assert.All(Rows, row =>
    {
        var functions = Quoted().Matches(row.Groups["functions"].Value).Select(function => function.Value).ToHashSet();
        var entries = row.Groups["since"].Value.Split("; ");
        Assert.Matches(Since(), entries[0]);
        Assert.All(entries, entry => Assert.Subset(functions, Quoted().Matches(entry).Select(function => function.Value).ToHashSet()));
        Assert.All(entries.Where(entry => entry[0] == '`'), entry => Assert.Matches(Since(), entry[(entry.LastIndexOf('`') + 2)..]));
    });

    [Fact]
    public void TheTestsThatALineNamesCallTheFunction() =>
        Assert.All(Lines, line => Assert.Contains(line.Function, File.ReadAllText(Assert.Single(Directory.GetFiles(Tests, line.Tests + ".cs", SearchOption.AllDirectories))), StringComparison.Ordinal));

    [GeneratedRegex(@"^\| (?<functions>`[\w`, ]+`) \| (?<since>[^|]+) \| .*\| (?<tests>`\w+Tests`(, `\w+Tests`)*) \|$")]
    private static partial Regex Line();

    [GeneratedRegex(@"^((by |from |to |between \d+\.\d+\.\d+ and )?\d+\.\d+\.\d+(,.*)?|not found|(not )?of .+)$")]
    private static partial Regex Since();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
