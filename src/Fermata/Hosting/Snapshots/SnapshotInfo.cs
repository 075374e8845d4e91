using Fermata.Hosting;
using Fermata.Runtime;

namespace Fermata;

/// <summary>What a snapshot says at its beginning: what is needed to restore it.</summary>
/// <param name="StoreId">The <see cref="Store.Id"/> of the store.</param>
/// <param name="Modules">The modules of its instances.</param>
/// <param name="Data">The data of the host, by name (<see cref="ISnapshotData"/>).</param>
public sealed record SnapshotInfo(Guid StoreId, IReadOnlyList<SnapshotModule> Modules, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Data)
{
    /// <summary>Reads the beginning of a snapshot. Whether the rest is sound is not looked at.</summary>
    /// <param name="stream">The snapshot. It is left open, and more of it may be read than is told.</param>
    /// <exception cref="SnapshotException">It is no snapshot, of another version of Fermata, or damaged.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static SnapshotInfo Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var input = new SnapshotInput(stream);
        var head = SnapshotHead.Read(input);
        return new SnapshotInfo(head.StoreId, [.. head.Modules.Select(static module => module.Module)], head.Data);
    }
}
