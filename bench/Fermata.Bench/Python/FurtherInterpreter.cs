using System.Diagnostics;
using Fermata.Python;

namespace Fermata.Bench;

/// <summary>A further interpreter of a process, which begins with the image of the first one, until it has calculated something.</summary>
internal sealed class FurtherInterpreter : IBenchmark
{
    private readonly PythonDistribution _distribution = PythonFiles.LoadDistribution();

    public FurtherInterpreter() => StartAsync().GetAwaiter().GetResult();

    public Measurement Round()
    {
        var start = Stopwatch.GetTimestamp();
        var result = StartAsync().GetAwaiter().GetResult();
        return new Measurement(Stopwatch.GetElapsedTime(start).TotalMilliseconds, Checksum: result);
    }

    private async Task<int> StartAsync()
    {
        await using var python = await PythonRuntime.StartAsync(_distribution);
        return python.Evaluate<int>("6 * 7");
    }
}
