using System.Text.RegularExpressions;
using Fermata.Emscripten.Functions;
using Fermata.Emscripten.Glue;

namespace Fermata.Emscripten.Tests;

/// <summary>docs/emscripten.md has a line for each function that programs import, and the tests that it names call it.</summary>
public sealed partial class DocumentTests
{
    private static readonly string Tests = Path.Combine(RepositoryFolder.Path, "tests", "Fermata.Emscripten.Tests");

    private static readonly List<(string Function, string Tests)> Lines =
    [
        .. from line in File.ReadLines(Path.Combine(RepositoryFolder.Path, "docs", "emscripten.md"))
           let match = Line().Match(line)
           where match.Success
           from function in Quoted().Matches(match.Groups["functions"].Value)
           from tests in Quoted().Matches(match.Groups["tests"].Value)
           select (function.Groups[1].Value, tests.Groups[1].Value),
    ];

    [Fact]
    public void EachFunctionHasALine() =>
        Assert.Equal(EmscriptenFunctions.Functions.Select(function => function.Name).Except(GlueDefinitions.HostFunctions.Keys).Order(StringComparer.Ordinal), Lines.Select(line => line.Function).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void TheTestsThatALineNamesCallTheFunction() =>
        Assert.All(Lines, line => Assert.Contains(line.Function, File.ReadAllText(Assert.Single(Directory.GetFiles(Tests, line.Tests + ".cs", SearchOption.AllDirectories))), StringComparison.Ordinal));

    [GeneratedRegex(@"^\| (?<functions>`[\w`, ]+`) \| .*\| (?<tests>`\w+Tests`(, `\w+Tests`)*) \|$")]
    private static partial Regex Line();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
