using System.Diagnostics;

namespace Fermata.Bench;

/// <summary>A plain synchronous call of a function that only computes.</summary>
internal sealed class Computation : IBenchmark
{
    private readonly Func<int, int> _function;
    private readonly int _argument;
    private readonly int _result;

    private Computation(string module, EngineOptions options, int argument, int result)
    {
        _function = Guest.Instantiate(module, options).GetFunction<Func<int, int>>(module);
        _argument = argument;
        _result = result;
    }

    /// <summary>An engine whose code cannot be stopped and has the thread's stack alone.</summary>
    public static EngineOptions Bare { get; } = new() { IsInterruptible = false, MaxStackBytes = 0 };

    /// <summary>An engine whose indirect calls may be of functions of another type.</summary>
    public static EngineOptions Casting { get; } = new() { AllowsFunctionPointerCasts = true };

    /// <summary>Nothing but calls.</summary>
    public static Computation Fib(EngineOptions options) => new("fib", options, 36, 14_930_352);

    /// <summary>The same through a table.</summary>
    public static Computation FibIndirect(EngineOptions options) => new("fib-indirect", options, 36, 14_930_352);

    /// <summary>Short loops over a memory.</summary>
    public static Computation Sieve(EngineOptions options) => new("sieve", options, 300, 6_542);

    public Measurement Round()
    {
        var start = Stopwatch.GetTimestamp();
        var result = _function(_argument);
        var elapsed = Stopwatch.GetElapsedTime(start);
        Guest.Expect(result, _result);
        return new Measurement(elapsed.TotalMilliseconds);
    }
}
