using System.Text.RegularExpressions;

namespace Fermata.Architecture.Tests;

/// <summary>Sections of the specification are cited by number and title, as in section 3.5.8 "Data Segments" of WebAssembly 3.0.</summary>
public sealed partial class SectionCitationTests
{
    private static readonly char Slash = Path.DirectorySeparatorChar;

    private static readonly List<(string File, Match Citation)> Citations =
    [
        .. new[] { "src", "docs", "tests" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, folder), "*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".cs" or ".md")
            .Where(file => !file.Contains($"{Slash}obj{Slash}", StringComparison.Ordinal) && !file.Contains($"{Slash}bin{Slash}", StringComparison.Ordinal))
            .SelectMany(file => Citation().Matches(LineBreak().Replace(File.ReadAllText(file), " ")).Select(citation => (file, citation))),
    ];

    [Fact]
    public void EachCitedNumberHasATitle()
    {
        var untitled = Citations.Where(cited => cited.Citation.Groups["number"].Captures.Count != cited.Citation.Groups["title"].Captures.Count);
        Assert.NotEmpty(Citations);
        Assert.Empty(untitled.Select(cited => $"{cited.File}: {cited.Citation.Value}"));
    }

    [Fact]
    public void EachNumberHasOneTitle()
    {
        var contradictions = Citations
            .SelectMany(cited => cited.Citation.Groups["number"].Captures.Zip(
                cited.Citation.Groups["title"].Captures, (number, title) => (cited.File, Number: number.Value, Title: title.Value)))
            .GroupBy(cited => cited.Number)
            .Where(cited => cited.Select(place => place.Title).Distinct().Count() > 1)
            .SelectMany(cited => cited, (_, place) => $"{place.Number} \"{place.Title}\" in {place.File}");
        Assert.Empty(contradictions);
    }

    [GeneratedRegex("""\b[Ss]ections? (?:(?<number>\d+(?:\.\d+)*)(?: "(?<title>[^"]+)")?(?: and | to )?)+""")]
    private static partial Regex Citation();

    /// <summary>The end of a line, with what begins the next line of a comment.</summary>
    [GeneratedRegex(@"\s*\n\s*(?:/// )?")]
    private static partial Regex LineBreak();
}
