using System.Diagnostics;
using Fermata.Python;

namespace Fermata.Bench;

/// <summary>Python that calls an asynchronous function of .NET and waits for it by <c>run_sync</c>. Its task is never complete when it returns, so that each wait suspends.</summary>
internal sealed class RunSync : IBenchmark
{
    /// <summary>The waits of a round.</summary>
    public const int Times = 2_000;

    private readonly PythonObject _work;

    public RunSync()
    {
        var host = new PythonHost().Expose("value", async (int number) =>
        {
            await Task.Yield();
            return number;
        });
        var python = PythonRuntime.StartAsync(PythonFiles.LoadDistribution(), host).GetAwaiter().GetResult();
        python.Run(PythonFiles.Script("run_sync")).Dispose();
        _work = python.Globals["work"];
    }

    public Measurement Round()
    {
        var start = Stopwatch.GetTimestamp();
        var result = _work.CallPromisingAsync<int>(Times).GetAwaiter().GetResult();
        return new Measurement(Stopwatch.GetElapsedTime(start).TotalMicroseconds / Times, Checksum: result);
    }
}
