namespace Fermata.Bench.Tests;

/// <summary>Rows of rounds that nobody measured.</summary>
internal static class Rounds
{
    /// <summary>A row of a benchmark that is measured in processor time, each value of which is half of that on the clock.</summary>
    public static Row Row(string name, Group group, params (EngineKind Engine, double[] Clock)[] engines)
    {
        var entry = new BenchmarkEntry(name, "ms", "a benchmark") { Group = group };
        return new Row(entry, engines.ToDictionary(
            item => item.Engine,
            item => Result.Of([.. item.Clock.Select(value => new Measurement(value, value / 2))], entry.Measure)));
    }
}
