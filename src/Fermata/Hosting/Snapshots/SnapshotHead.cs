using Fermata.Runtime;

namespace Fermata.Hosting;

/// <summary>The parts of a snapshot for which no module is needed.</summary>
/// <param name="StoreId">The store.</param>
/// <param name="Fuel">Its fuel.</param>
/// <param name="LastId">The number of its newest call.</param>
/// <param name="HasPagesApart">Whether pages of memories are named only.</param>
/// <param name="Data">The data of the host.</param>
/// <param name="Modules">The modules, with the fingerprints of their frames.</param>
internal sealed record SnapshotHead(
    Guid StoreId, long Fuel, uint LastId, bool HasPagesApart, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Data,
    IReadOnlyList<(SnapshotModule Module, byte[] Fingerprint)> Modules)
{
    /// <summary>How much data of the host there may be.</summary>
    private const int MostData = 1000;

    public static SnapshotHead Read(SnapshotInput input)
    {
        Span<byte> id = stackalloc byte[16];
        input.Bytes(id);
        return new SnapshotHead(new Guid(id), input.Signed(), input.Small(), input.Bool(), ReadData(input), ReadModules(input));
    }

    private static Dictionary<string, ReadOnlyMemory<byte>> ReadData(SnapshotInput input)
    {
        var data = new Dictionary<string, ReadOnlyMemory<byte>>();
        for (var rest = input.Count(MostData, "data of the host"); rest > 0; rest--)
        {
            if (!data.TryAdd(input.Text() ?? "", input.Data()))
                throw SnapshotInput.Damaged("it has data of one name twice");
        }

        return data;
    }

    private static List<(SnapshotModule Module, byte[] Fingerprint)> ReadModules(SnapshotInput input)
    {
        var modules = new List<(SnapshotModule, byte[])>();
        for (var rest = input.Count(int.MaxValue, "modules"); rest > 0; rest--)
        {
            var name = input.Text();
            byte[] hash = new byte[32], fingerprint = new byte[CodeFingerprint.Length];
            input.Bytes(hash);
            input.Bytes(fingerprint);
            modules.Add((new SnapshotModule(name, hash), fingerprint));
        }

        return modules;
    }
}
