using System.Text.Json.Nodes;

namespace Fermata.Bench;

/// <summary>One benchmark's result.</summary>
/// <param name="Benchmark">The benchmark.</param>
/// <param name="Results">What each engine needs.</param>
internal sealed record Row(BenchmarkEntry Benchmark, IReadOnlyDictionary<EngineKind, Result> Results)
{
    private static readonly EngineKind[] Others = [EngineKind.V8, EngineKind.Wasmtime, EngineKind.Native, EngineKind.Bare];

    /// <summary>What the work had as its result, where all engines tell it.</summary>
    public int? Checksum { get; init; }

    /// <summary>An engine's figures, in the measure of the row; null if it is not measured there.</summary>
    public Summary? this[EngineKind engine] => In(engine, Benchmark.Measure);

    /// <summary>The medians compared; below 1, Fermata needs less.</summary>
    /// <param name="other">The other engine.</param>
    public double? RatioTo(EngineKind other) => RatioTo(other, Benchmark.Measure);

    /// <summary>The same in another measure than that of the row.</summary>
    public double? RatioTo(EngineKind other, Measure measure) => measure == Measure.Rate
        ? In(other, measure)?.Median / In(EngineKind.Fermata, measure)?.Median
        : In(EngineKind.Fermata, measure)?.Median / In(other, measure)?.Median;

    /// <summary>The row as it is written to a file.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["name"] = Benchmark.Name,
            ["unit"] = Benchmark.Unit,
            ["measure"] = Benchmark.Measure.ToString().ToLowerInvariant(),
        };
        Add(json, engine => this[engine]?.Median, RatioTo);
        if (Checksum is not null)
            json["checksum"] = Checksum;
        json["spread"] = OfEngines(engine => this[engine]?.Spread);
        json["least"] = OfEngines(engine => this[engine]?.Least);
        if (Benchmark.Measure is Measure.Clock or Measure.Processor)
        {
            foreach (var measure in new[] { Measure.Clock, Measure.Processor })
            {
                var part = new JsonObject();
                Add(part, engine => In(engine, measure)?.Median, other => RatioTo(other, measure));
                json[measure.ToString().ToLowerInvariant()] = part;
            }
        }

        if (Results[EngineKind.Fermata].Managed is { } managed)
            json["managed"] = Round(managed);
        if (Results[EngineKind.Fermata].Copied is { } copied)
            json["copied"] = Round(copied);
        return json;
    }

    private static void Add(JsonObject json, Func<EngineKind, double?> median, Func<EngineKind, double?> ratio)
    {
        foreach (var engine in Enum.GetValues<EngineKind>())
            json[NameOf(engine)] = Round(median(engine));
        foreach (var other in Others)
            json[other == EngineKind.V8 ? "ratio" : $"ratio_{NameOf(other)}"] = Round(ratio(other));
    }

    private static string NameOf(EngineKind engine) => engine.ToString().ToLowerInvariant();

    private static double? Round(double? value) => value is { } number ? Math.Round(number, 4) : null;

    private JsonObject OfEngines(Func<EngineKind, double?> value) =>
        new(Results.Keys.Order().Select(engine => KeyValuePair.Create(NameOf(engine), (JsonNode?)Round(value(engine)))));

    private Summary? In(EngineKind engine, Measure measure) => Results.GetValueOrDefault(engine)?.In(measure);
}
