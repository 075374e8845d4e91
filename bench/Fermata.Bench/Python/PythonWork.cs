using System.Diagnostics;
using Fermata.Python;

namespace Fermata.Bench;

/// <summary>The function <c>work</c> of a script in Python, which only computes.</summary>
internal sealed class PythonWork : IBenchmark
{
    private readonly PythonObject _work;

    /// <param name="script">The name of the script.</param>
    public PythonWork(string script)
    {
        var python = PythonRuntime.StartAsync(PythonFiles.LoadDistribution()).GetAwaiter().GetResult();
        python.Run(PythonFiles.Script(script)).Dispose();
        _work = python.Globals["work"];
    }

    public Measurement Round()
    {
        var start = Stopwatch.GetTimestamp();
        var result = _work.Call<int>();
        return new Measurement(Stopwatch.GetElapsedTime(start).TotalMilliseconds, Checksum: result);
    }
}
