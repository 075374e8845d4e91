using System.Text;

namespace Fermata.Wasi;

/// <summary>What a program had of WASI when a snapshot was made. Its bytes are not trusted; docs/snapshots.md tells what they are.</summary>
/// <param name="Arguments">The arguments, each with a zero at its end.</param>
/// <param name="Environment">The environment, each with a zero at its end.</param>
/// <param name="Elapsed">How long the program had been running.</param>
/// <param name="Time">What time it was.</param>
/// <param name="Monotonic">The monotonic clock, in nanoseconds.</param>
/// <param name="WaitStarts">The calls that waited for a time, and when they began.</param>
/// <param name="Descriptors">The file descriptors.</param>
internal sealed record WasiState(
    byte[][] Arguments, byte[][] Environment, TimeSpan Elapsed, DateTimeOffset Time, long Monotonic, IReadOnlyList<KeyValuePair<CallKey, long>> WaitStarts,
    IReadOnlyList<DescriptorState> Descriptors)
{
    /// <summary>What it is called in snapshots.</summary>
    public const string Name = "wasi";

    private const byte Version = 2;

    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
            Write(writer);
        return bytes.ToArray();
    }

    /// <exception cref="SnapshotException">There is nothing of WASI, it is damaged, or of another version of Fermata.</exception>
    public static WasiState Of(RestoredStore restored) => restored.Data.TryGetValue(Name, out var data)
        ? Of(data)
        : throw new SnapshotException("The snapshot has nothing of WASI: when it was made, the store had no WasiContext.");

    /// <exception cref="SnapshotException">The bytes are damaged, or of another version of Fermata.</exception>
    private static WasiState Of(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes.ToArray(), writable: false), Encoding.UTF8);
            return Read(reader);
        }
        catch (Exception exception) when (exception is IOException or FormatException or ArgumentException or OverflowException)
        {
            throw new SnapshotException($"The snapshot is damaged: what it has of WASI cannot be read. {exception.Message}", exception);
        }
    }

    public static SnapshotException Damaged(string what) => new($"The snapshot is damaged: of WASI it has {what}.");

    private static int ReadCount(BinaryReader reader) =>
        reader.Read7BitEncodedInt() is var count && (uint)count <= reader.BaseStream.Length - reader.BaseStream.Position ? count : throw Damaged($"a count of {count}");

    private static WasiState Read(BinaryReader reader)
    {
        var version = reader.ReadByte();
        if (version != Version)
            throw new SnapshotException($"What the snapshot has of WASI is of format {version}; this version of Fermata reads format {Version}.");
        return new WasiState(
            ReadTexts(reader), ReadTexts(reader), ReadElapsed(reader), DateTimeOffset.UnixEpoch.AddTicks(reader.ReadInt64()), reader.ReadInt64(),
            ReadAll(reader, static reader => new KeyValuePair<CallKey, long>(new CallKey(new Guid(reader.ReadBytes(16)), reader.ReadInt64(), reader.ReadInt64()), reader.ReadInt64())),
            ReadAll(reader, ReadDescriptor));
    }

    /// <summary>A thousand years are enough, and more would be too long to be added to.</summary>
    private static TimeSpan ReadElapsed(BinaryReader reader) =>
        reader.ReadInt64() is >= 0 and < 365_000 * TimeSpan.TicksPerDay and var ticks ? new TimeSpan(ticks) : throw Damaged("an impossible time for which it has run");

    private static byte[][] ReadTexts(BinaryReader reader) => ReadAll(reader, static reader => (byte[])[.. reader.ReadBytes(ReadCount(reader)), 0]);

    private static T[] ReadAll<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        var items = new T[ReadCount(reader)];
        for (var i = 0; i < items.Length; i++)
            items[i] = read(reader);
        return items;
    }

    private static DescriptorState ReadDescriptor(BinaryReader reader)
    {
        var number = reader.ReadInt32();
        var kind = (SourceKind)reader.ReadByte();
        return new DescriptorState(
            number, Enum.IsDefined(kind) ? new DescriptorSource(kind, reader.ReadString(), reader.ReadString()) : throw Damaged($"file descriptor {number}, of kind {(byte)kind}"),
            (Rights)reader.ReadUInt64() & Rights.All, (Rights)reader.ReadUInt64() & Rights.All, (FdFlags)reader.ReadUInt16() & FdFlags.All,
            reader.ReadInt64() is >= 0 and var position ? position : throw Damaged($"a negative position of file descriptor {number}"), reader.ReadBytes(ReadCount(reader)));
    }

    private void Write(BinaryWriter writer)
    {
        writer.Write(Version);
        WriteTexts(writer, Arguments);
        WriteTexts(writer, Environment);
        writer.Write(Elapsed.Ticks);
        writer.Write((Time - DateTimeOffset.UnixEpoch).Ticks);
        writer.Write(Monotonic);
        writer.Write7BitEncodedInt(WaitStarts.Count);
        foreach (var (key, start) in WaitStarts)
        {
            writer.Write(key.Store.ToByteArray());
            writer.Write(key.Call);
            writer.Write(key.Wait);
            writer.Write(start);
        }

        writer.Write7BitEncodedInt(Descriptors.Count);
        foreach (var descriptor in Descriptors)
        {
            writer.Write(descriptor.Number);
            writer.Write((byte)descriptor.Source.Kind);
            writer.Write(descriptor.Source.Name);
            writer.Write(descriptor.Source.Path);
            writer.Write((ulong)descriptor.Rights);
            writer.Write((ulong)descriptor.Inheriting);
            writer.Write((ushort)descriptor.Flags);
            writer.Write(descriptor.Position);
            writer.Write7BitEncodedInt(descriptor.State.Length);
            writer.Write(descriptor.State);
        }
    }

    private static void WriteTexts(BinaryWriter writer, byte[][] texts)
    {
        writer.Write7BitEncodedInt(texts.Length);
        foreach (var text in texts)
        {
            writer.Write7BitEncodedInt(text.Length - 1);
            writer.Write(text.AsSpan(..^1));
        }
    }
}
