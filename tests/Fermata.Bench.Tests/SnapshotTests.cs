using System.IO.Compression;

namespace Fermata.Bench.Tests;

/// <summary>The benchmarks of snapshots measure what they say. They do a little of what the benchmark has them do.</summary>
public class SnapshotTests
{
    [Theory]
    [InlineData(false, CompressionLevel.NoCompression, 64 << 16, 65 << 16)]
    [InlineData(false, CompressionLevel.Fastest, 64 << 16, 65 << 16)]
    [InlineData(true, CompressionLevel.NoCompression, 64 << 12, 65 << 12)]
    [InlineData(true, CompressionLevel.Fastest, 64 << 8, 70 << 8)]
    public void A_memory_is_written_and_restored(bool isSparse, CompressionLevel compression, int shortest, int longest)
    {
        using var written = new SnapshotMemory(64, isSparse, compression, restores: false);
        using var restored = new SnapshotMemory(64, isSparse, compression, restores: true);

        for (var i = 0; i < 2; i++)
        {
            Assert.InRange(written.Round().Value, 0.001, double.MaxValue);
            Assert.InRange(restored.Round().Value, 0.001, double.MaxValue);
        }

        Assert.InRange(written.Length, shortest, longest);
    }

    [Fact]
    public void A_call_of_thirty_activations_takes_at_most_a_kibibyte()
    {
        var plain = new SnapshotCalls(CompressionLevel.NoCompression).Round().Value;

        Assert.InRange(plain, 30, 1024);
        Assert.InRange(new SnapshotCalls(CompressionLevel.Fastest).Round().Value, 1, plain);
    }

    [Fact]
    public async Task A_program_goes_on_from_its_snapshot()
    {
        await SnapshotStart.WriteAsync();

        var fresh = new SnapshotStart(isRestored: false).Round();
        Assert.Equal(fresh.Checksum, new SnapshotStart(isRestored: true).Round().Checksum);
    }

    [Fact]
    public void A_rate_is_better_if_it_is_higher_and_has_no_processor_time()
    {
        var entry = new BenchmarkEntry("rate", "MB/s", "a rate") { Measure = Measure.Rate };
        var row = new Row(entry, new Dictionary<EngineKind, Result>
        {
            [EngineKind.Fermata] = Result.Of([new Measurement(200, 300)], Measure.Rate),
            [EngineKind.V8] = Result.Of([new Measurement(100, 50)], Measure.Rate),
        });

        Assert.Equal(0.5, row.RatioTo(EngineKind.V8));
        Assert.False(row.ToJson().ContainsKey("processor"));
        Assert.Contains("| `rate` | MB/s | 200 ±0 % | 100 ±0 % | 0.50 |", Table.Markdown([row]), StringComparison.Ordinal);
    }
}
