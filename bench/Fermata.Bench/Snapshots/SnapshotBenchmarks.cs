using System.IO.Compression;

namespace Fermata.Bench;

/// <summary>The benchmarks of snapshots. No other engine here has such.</summary>
internal static class SnapshotBenchmarks
{
    private static readonly (string Suffix, string Description, CompressionLevel Compression)[] Packings =
    [
        ("", "", CompressionLevel.NoCompression),
        ("-packed", ", packed", CompressionLevel.Fastest),
    ];

    public static IReadOnlyList<BenchmarkEntry> All { get; } =
    [
        .. OfMemory("write-random", "a store with 256 MiB of random bytes, written", isSparse: false, restores: false),
        .. OfMemory("restore-random", "the same, restored", isSparse: false, restores: true),
        .. OfMemory("write-sparse", "a store with 256 MiB, mostly zeros, written", isSparse: true, restores: false),
        .. OfMemory("restore-sparse", "the same, restored", isSparse: true, restores: true),
        .. Packings.Select(packing => Of($"call{packing.Suffix}", "bytes", $"one suspended call in a snapshot, 30 activations deep{packing.Description}", () => new SnapshotCalls(packing.Compression)) with
        {
            Measure = Measure.Memory,
            IsOneShot = true,
        }),
        OfStart("start-fresh", "a program that computes, until it calls the host for the first time", isRestored: false),
        OfStart("start-restored", "the same from a snapshot that was made there", isRestored: true) with { FillCacheAsync = SnapshotStart.WriteAsync },
    ];

    private static IEnumerable<BenchmarkEntry> OfMemory(string name, string description, bool isSparse, bool restores) => Packings.Select(packing =>
        Of($"{name}{packing.Suffix}", "MB/s", $"{description}{packing.Description}", () => new SnapshotMemory(SnapshotMemory.DefaultPages, isSparse, packing.Compression, restores)) with
        {
            Measure = Measure.Rate,
            IsQuick = packing.Compression == CompressionLevel.NoCompression,
        });

    private static BenchmarkEntry OfStart(string name, string description, bool isRestored) =>
        Of(name, "ms", description, () => new SnapshotStart(isRestored)) with { Measure = Measure.Clock, IsOneShot = true };

    private static BenchmarkEntry Of(string name, string unit, string description, Func<IBenchmark> inFermata) => new($"snapshot-{name}", unit, description)
    {
        Group = Group.Snapshots,
        Prepare = new Dictionary<EngineKind, Func<IBenchmark>> { [EngineKind.Fermata] = inFermata },
    };
}
