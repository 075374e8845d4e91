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

    /// <summary>Where pages of memories go, which the snapshot then only names: it needs them when it is restored. Default: none, they are in the snapshot.</summary>
    public SnapshotPages? Pages { get; init; }
}
