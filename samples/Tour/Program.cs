using System.Diagnostics;
using System.Globalization;
using Fermata.Samples;

if (args.Contains("--help"))
{
    Console.WriteLine("""
        Runs the eleven sample programs and compares what they print with their expected.txt.

        Usage: dotnet run --project samples/Tour [-- NUMBER ...]

        Without numbers all of them run, in order.
        """);
    return 0;
}

var chosen = new List<Sample>();
foreach (var argument in args)
{
    if (!int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1 || number > Sample.All.Count)
    {
        Console.Error.WriteLine($"{argument} is not a number from 1 to {Sample.All.Count}; see --help.");
        return 2;
    }

    chosen.Add(Sample.All[number - 1]);
}

if (chosen.Count == 0)
    chosen.AddRange(Sample.All);

var watch = Stopwatch.StartNew();
var different = new List<string>();
foreach (var sample in chosen)
{
    Console.WriteLine($"=== {sample.Name}: {sample.Explanation}");
    var output = new TranscriptWriter(Console.Out);
    try
    {
        await sample.RunAsync(new SampleConsole(output, TimeProvider.System));
    }
#pragma warning disable CA1031 // One sample that fails must not keep the others from running.
    catch (Exception exception)
#pragma warning restore CA1031
    {
        Console.WriteLine(exception);
    }

    if (sample.FindDifference(output.Transcript) is { } difference)
    {
        Console.WriteLine(difference);
        different.Add(sample.Name);
    }

    Console.WriteLine();
}

var seconds = watch.Elapsed.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture);
if (different.Count == 0)
{
    Console.WriteLine($"{(chosen.Count == 1 ? "The program" : $"All {chosen.Count} programs")} printed exactly what expected.txt says, in {seconds} s.");
    return 0;
}

Console.WriteLine($"Different from expected.txt: {string.Join(", ", different)}.");
return 1;
