namespace Fermata.Bench;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchOptions
{
    public bool Help { get; private init; }

    public string? JsonFile { get; private init; }

    public IReadOnlyList<BenchmarkEntry> Benchmarks { get; private init; } = [];

    private bool Quick { get; init; }

    /// <summary>How often to measure a benchmark, if the time suffices.</summary>
    public int RoundsOf(BenchmarkEntry benchmark) => (Quick, benchmark.IsOneShot) switch
    {
        (true, false) => 9,
        (false, false) => 41,
        (true, true) => 3,
        (false, true) => 9,
    };

    /// <summary>After this time a benchmark is measured no more, but for the fewest rounds that a median needs.</summary>
    public TimeSpan TimeLimit => Quick ? TimeSpan.FromSeconds(4) : TimeSpan.FromMinutes(2);

    /// <exception cref="BenchException">An option is unknown or incomplete.</exception>
    public static BenchOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new BenchOptions();
        var only = new List<BenchmarkEntry>();
        while (!arguments.IsEmpty)
        {
            switch (arguments)
            {
                case ["--help" or "-h", ..]:
                    options = options with { Help = true };
                    arguments = arguments[1..];
                    break;
                case ["--quick", ..]:
                    options = options with { Quick = true };
                    arguments = arguments[1..];
                    break;
                case ["--json", var file, ..]:
                    options = options with { JsonFile = file };
                    arguments = arguments[2..];
                    break;
                case ["--only", var name, ..]:
                    only.Add(Catalogue.Find(name));
                    arguments = arguments[2..];
                    break;
                case ["--json" or "--only"]:
                    throw new BenchException($"{arguments[0]} needs a value.");
                default:
                    throw new BenchException($"unknown option {arguments[0]}; --help lists the options.");
            }
        }

        return options with { Benchmarks = only.Count > 0 ? only : Catalogue.All };
    }
}
