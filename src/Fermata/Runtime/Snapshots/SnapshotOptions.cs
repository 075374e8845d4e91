using System.IO.Compression;

namespace Fermata;

/// <summary>How a snapshot is made.</summary>
public sealed record class SnapshotOptions
{
    internal static SnapshotOptions Default { get; } = new();

    /// <summary>How much is done to make it small (Brotli). Default: <see cref="CompressionLevel.Fastest"/>.</summary>
    public CompressionLevel Compression { get; init; } = CompressionLevel.Fastest;

    /// <summary>What makes bytes of the host's objects that WebAssembly code refers to (externref, and exceptions that it caught). Default: none.</summary>
    public IReadOnlyList<ReferenceCodec> Codecs { get; init; } = [];

    /// <summary>
    /// Whether a promising call that computes is interrupted for it, wherever it is, and goes on afterwards, as with a <see cref="StoreOptions.TimeSlice"/>; only <see cref="Store.SnapshotAsync"/> does that,
    /// and it takes an engine whose code is interruptible (<see cref="EngineOptions.IsInterruptible"/>). Default: false, so that the snapshot waits until the call is suspended or ends.
    /// </summary>
    public bool InterruptsCalls { get; init; }

    /// <summary>
    /// Whether the store is disposed when the snapshot is written, before any code of it goes on: what happens from then on happens where it is restored. Default: false.
    /// </summary>
    public bool EndsStore { get; init; }

    /// <summary>Where pages of memories go, which the snapshot then only names: it needs them when it is restored. Default: none, they are in the snapshot.</summary>
    public SnapshotPages? Pages { get; init; }
}
