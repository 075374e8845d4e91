using System.Diagnostics;

namespace Fermata.Bench;

/// <summary>A plain synchronous call.</summary>
internal sealed class Fib : IBenchmark
{
    public const int Argument = 36;
    public const int Result = 14_930_352;

    private readonly Func<int, int> _fib = Guest.Instantiate("fib").GetFunction<Func<int, int>>("fib");

    public Measurement Round()
    {
        var start = Stopwatch.GetTimestamp();
        var result = _fib(Argument);
        var elapsed = Stopwatch.GetElapsedTime(start);
        Guest.Expect(result, Result);
        return new Measurement(elapsed.TotalMilliseconds);
    }
}
