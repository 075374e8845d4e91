using System.Text.RegularExpressions;
using Fermata.Wasi.Functions;

namespace Fermata.Wasi.Tests;

/// <summary>Which function is seen to give which error: as the programs in C say, and as docs/wasi.md has it.</summary>
internal static partial class ErrorTable
{
    /// <summary>Functions of the programs that make one call of WASI.</summary>
    private static readonly Dictionary<string, string> Shorthands = new() { ["poll_error"] = "poll_oneoff", ["read_bytes"] = "fd_read", ["try_open"] = "path_open" };

    /// <summary>The functions of WASI, and those that WasmEdge adds.</summary>
    public static IReadOnlySet<string> Functions { get; } = Preview1.Functions.Concat(WasmEdge.Functions).Select(function => function.Name).ToHashSet();

    public static string DocumentPath { get; } = Path.Combine(RepositoryFolder.Path, "docs", "wasi.md");

    /// <summary>What the programs assert, as lines of the table.</summary>
    public static IReadOnlyList<string> FromPrograms()
    {
        var sources = Directory.GetFiles(GuestPrograms.Folder).Select(path => File.ReadAllText(path).Replace("\\\n", "\n", StringComparison.Ordinal)).ToArray();
        var pairs = sources.SelectMany(PairsOf).ToList();
        foreach (var macro in sources.SelectMany(source => Macro().Matches(source)))
        {
            var functions = PairsOf(macro.Groups["body"].Value, macro.Groups["error"].Value).Select(pair => pair.Function).ToArray();
            var uses = sources.SelectMany(source => Use().Matches(source)).Where(use => use.Groups["name"].Value == macro.Groups["name"].Value);
            pairs.AddRange(from use in uses from function in functions select (function, use.Groups["error"].Value));
        }

        return [.. pairs.Distinct().GroupBy(pair => pair.Function, pair => pair.Error).OrderBy(all => all.Key, StringComparer.Ordinal).Select(all => LineOf(all.Key, all))];
    }

    /// <summary>The lines of the table in docs/wasi.md.</summary>
    public static IReadOnlyList<string> FromDocument() => [.. File.ReadLines(DocumentPath).Where(line => Line().IsMatch(line))];

    /// <summary>The errors of each function, as the table in docs/wasi.md has them.</summary>
    public static Dictionary<string, HashSet<Errno>> Read() =>
        FromDocument().Select(line => Line().Match(line)).ToDictionary(
            line => line.Groups["function"].Value, line => line.Groups["errors"].Value.Split(' ').Select(Enum.Parse<Errno>).ToHashSet());

    private static string LineOf(string function, IEnumerable<string> errors) => $"| `{function}` | {string.Join(' ', errors.Order(StringComparer.Ordinal))} |";

    private static IEnumerable<(string Function, string Error)> PairsOf(string source) => PairsOf(source, null);

    /// <param name="source">Where they stand.</param>
    /// <param name="parameter">The name that stands for the error in a macro; null for errors by their names.</param>
    private static IEnumerable<(string Function, string Error)> PairsOf(string source, string? parameter) =>
        from match in Expectation().Matches(source)
        let error = match.Groups["error"].Value
        where parameter is null ? Enum.TryParse<Errno>(error, out _) : error == parameter
        let name = match.Groups["function"].Value
        select (Shorthands.GetValueOrDefault(name, name), error);

    [GeneratedRegex(@"\bFAILS\((?<error>\w+), (?:__wasi_|raw_)?(?<function>\w+)\(")]
    private static partial Regex Expectation();

    [GeneratedRegex(@"^#define (?<name>\w+)\((?<error>\w+)[^\n]*\n(?<body>(?:[ \t]+[^\n]*\n)+)", RegexOptions.Multiline)]
    private static partial Regex Macro();

    [GeneratedRegex(@"\b(?<name>\w+)\((?<error>E\w+),")]
    private static partial Regex Use();

    [GeneratedRegex(@"^\| `(?<function>\w+)` \| (?<errors>E[A-Z0-9]+(?: E[A-Z0-9]+)*) \|$")]
    private static partial Regex Line();
}
