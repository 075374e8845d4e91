namespace Fermata.Fuzz.Snapshots;

/// <summary>A <see cref="WaitingRun"/> at one time.</summary>
/// <param name="Seed">What decides about all.</param>
/// <param name="Step">How many steps there were.</param>
/// <param name="Started">How many calls were started.</param>
/// <param name="Snapshot">The store.</param>
internal sealed record WaitingState(ulong Seed, int Step, int Started, byte[] Snapshot)
{
    public void Write(string file)
    {
        using var writer = new BinaryWriter(File.Create(file));
        writer.Write(Seed);
        writer.Write(Step);
        writer.Write(Started);
        writer.Write(Snapshot.Length);
        writer.Write(Snapshot);
    }

    public static WaitingState Read(string file)
    {
        using var reader = new BinaryReader(File.OpenRead(file));
        return new WaitingState(reader.ReadUInt64(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadBytes(reader.ReadInt32()));
    }
}
