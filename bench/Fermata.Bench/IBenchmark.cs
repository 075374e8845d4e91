namespace Fermata.Bench;

/// <summary>A benchmark, ready to be measured in this process.</summary>
internal interface IBenchmark
{
    /// <summary>Does the work once, checks its result, and tells what it took.</summary>
    Measurement Round();
}
