using System.Text.RegularExpressions;

namespace Fermata.Cli.Tests;

/// <summary>Links and paths in the documentation lead somewhere.</summary>
public sealed partial class DocumentationTests
{

    public static TheoryData<string> Pages =>
    [
        .. Directory.GetFiles(RepositoryFolder.Path, "*.md").Concat(Directory.GetFiles(Path.Combine(RepositoryFolder.Path, "docs"), "*.md"))
            .Select(page => Path.GetRelativePath(RepositoryFolder.Path, page)),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_lead_somewhere(string page)
    {
        var path = Path.Combine(RepositoryFolder.Path, page);
        var links = Link().Matches(File.ReadAllText(path)).Select(match => match.Groups[1].Value);

        Assert.All(
            links.Where(link => !link.Contains("://", StringComparison.Ordinal)),
            link => Assert.True(Path.Exists(Path.Combine(Path.GetDirectoryName(path)!, link)), link));
    }

    /// <summary>Such as <c>Runtime/Fibers/Fiber</c>, which is a file or the first part of several.</summary>
    [Fact]
    public void Code_that_the_architecture_names_is_there()
    {
        var names = CodePath().Matches(File.ReadAllText(Path.Combine(RepositoryFolder.Path, "docs", "architecture.md"))).Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.True(File.Exists(Path.Combine(RepositoryFolder.Path, "src", "Fermata", name + ".cs")), name));
    }

    [GeneratedRegex(@"\]\(([^)#]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`([A-Z]\w+(?:/[A-Z]\w+)+)`")]
    private static partial Regex CodePath();
}
