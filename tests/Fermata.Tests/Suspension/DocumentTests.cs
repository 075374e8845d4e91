using System.Text.RegularExpressions;

namespace Fermata.Tests.Suspension;

/// <summary>That docs/jspi.md has all rules, and names tests that exist.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(RepositoryFolder.Path, "docs", "jspi.md"));

    [Fact]
    public void EachRuleHasTests()
    {
        var rules = Lines.Where(line => Rule().IsMatch(line)).ToList();
        Assert.Equal(Enumerable.Range(1, 25), rules.Select(rule => int.Parse(Rule().Match(rule).Groups[1].Value, null)));
        Assert.All(rules, rule => Assert.Matches(TestName(), rule));
    }

    [Fact]
    public void EachTestThatIsNamedExists()
    {
        foreach (var name in Lines.SelectMany(line => TestName().Matches(line)))
        {
            var method = typeof(DocumentTests).Assembly
                .GetType($"{typeof(DocumentTests).Namespace}.{name.Groups[1].Value}")?
                .GetMethod(name.Groups[2].Value);
            Assert.True(method?.IsDefined(typeof(FactAttribute), inherit: true), $"There is no test {name.Value}.");
        }
    }

    [GeneratedRegex(@"^\| (\d+) \|")]
    private static partial Regex Rule();

    [GeneratedRegex(@"`(\w+Tests)\.(\w+)`")]
    private static partial Regex TestName();
}
