namespace Fermata.Bench;

/// <summary>What <c>park</c> is to do.</summary>
/// <param name="Count">How many calls.</param>
/// <param name="Depth">How many activations each has.</param>
internal sealed record ParkOptions(int Count, int Depth)
{
    /// <exception cref="BenchException">An option is unknown or incomplete.</exception>
    public static ParkOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new ParkOptions(1_000_000, 10);
        for (; !arguments.IsEmpty; arguments = arguments[2..])
        {
            options = arguments switch
            {
                ["--count", var number, ..] => options with { Count = Positive("--count", number) },
                ["--depth", var number, ..] => options with { Depth = Positive("--depth", number) },
                _ => throw new BenchException($"park takes --count N and --depth N, not {arguments[0]}."),
            };
        }

        return options;
    }

    private static int Positive(string option, string number) =>
        int.TryParse(number, out var value) && value > 0 ? value : throw new BenchException($"{option} needs a number greater than zero, not {number}.");
}
