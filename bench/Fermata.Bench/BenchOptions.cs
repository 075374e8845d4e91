namespace Fermata.Bench;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchOptions
{
    public bool Help { get; private init; }

    /// <summary>Whether to write the tables and plots of the documents.</summary>
    public bool WritesDocuments { get; private init; }

    public string? JsonFile { get; private init; }

    public string? MarkdownFile { get; private init; }

    public IReadOnlyList<BenchmarkEntry> Benchmarks { get; private init; } = [];

    /// <summary>Whether to measure few rounds.</summary>
    public bool IsQuick { get; private init; }

    /// <summary>After this time a benchmark is measured no more, but for the fewest rounds that a median needs.</summary>
    public TimeSpan TimeLimit => IsQuick ? TimeSpan.FromSeconds(2) : TimeSpan.FromMinutes(1);

    /// <summary>How often to measure a benchmark, if the time suffices.</summary>
    public int RoundsOf(BenchmarkEntry benchmark) => (IsQuick, benchmark.IsOneShot) switch
    {
        (true, false) => 7,
        (false, false) => 21,
        (true, true) => 3,
        (false, true) => 7,
    };

    /// <summary>For how long an engine runs a benchmark before it is measured, in processor time.</summary>
    public TimeSpan WarmUpOf(BenchmarkEntry benchmark) => IsQuick ? benchmark.WarmUp / 2 : benchmark.WarmUp;

    /// <exception cref="BenchException">An option is unknown or incomplete.</exception>
    public static BenchOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new BenchOptions();
        var only = new List<BenchmarkEntry>();
        for (var taken = 0; !arguments.IsEmpty; arguments = arguments[taken..])
        {
            taken = 1;
            switch (arguments)
            {
                case ["--help" or "-h", ..]:
                    options = options with { Help = true };
                    break;
                case ["--quick", ..]:
                    options = options with { IsQuick = true };
                    break;
                case ["--docs", ..]:
                    options = options with { WritesDocuments = true };
                    break;
                case ["--json", var file, ..]:
                    options = options with { JsonFile = file };
                    taken = 2;
                    break;
                case ["--markdown", var file, ..]:
                    options = options with { MarkdownFile = file };
                    taken = 2;
                    break;
                case ["--only", var name, ..]:
                    only.AddRange(Catalogue.Find(name));
                    taken = 2;
                    break;
                case ["--json" or "--markdown" or "--only"]:
                    throw new BenchException($"{arguments[0]} needs a value.");
                default:
                    throw new BenchException($"unknown option {arguments[0]}; --help lists the options.");
            }
        }

        return options with { Benchmarks = only.Count > 0 ? only : [.. Catalogue.All.Where(entry => entry.IsQuick || !options.IsQuick)] };
    }
}
