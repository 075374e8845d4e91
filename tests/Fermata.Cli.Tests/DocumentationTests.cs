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

    /// <summary>Such as <c>Runtime/Fibers/Fiber</c>, which is a file or the first part of several, or <c>Runtime/Fibers</c>, a folder.</summary>
    [Theory]
    [InlineData("architecture.md")]
    [InlineData("specification.md")]
    public void Code_that_a_page_names_is_there(string page)
    {
        var names = CodePath().Matches(File.ReadAllText(Path.Combine(RepositoryFolder.Path, "docs", page))).Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(names);
        Assert.All(names, name =>
        {
            var path = Path.Combine(RepositoryFolder.Path, "src", "Fermata", name);
            Assert.True(File.Exists(path + ".cs") || Directory.Exists(path), name);
        });
    }

    /// <summary>The folders in the first column of its table, and the files that the second column names in them.</summary>
    [Fact]
    public void Folders_and_files_that_the_contributors_are_told_of_are_there()
    {
        var rows = File.ReadAllLines(Path.Combine(RepositoryFolder.Path, "CONTRIBUTING.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(rows);
        foreach (var columns in rows.Select(row => row.Split('|', StringSplitOptions.RemoveEmptyEntries)))
        {
            var folders = Code().Matches(columns[0]).Select(match => Path.Combine(RepositoryFolder.Path, match.Groups[1].Value)).ToList();
            Assert.All(folders, folder => Assert.True(Directory.Exists(folder), folder));
            Assert.All(
                Code().Matches(columns[1]).Select(match => match.Groups[1].Value),
                name => Assert.True(Path.Exists(Path.Combine(folders[0], name)) || Path.Exists(Path.Combine(RepositoryFolder.Path, name)), name));
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\]\(([^)#]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`([A-Z]\w+(?:/[A-Z][\w.]+)+)`")]
    private static partial Regex CodePath();
}
