using System.Buffers.Binary;
using System.Text;
using Fermata.Wasi;

namespace Fermata.Fuzz.Wasi;

/// <summary>Arguments for functions of WASI: mostly what their parameters are named after, and otherwise whatever may be at the edge of something.</summary>
internal sealed class ArgumentSource(RandomSource random)
{
    private const int PathsAt = 1024, PathBytes = 32, VectorsAt = 4096, SubscriptionsAt = 8192, Vectors = 8, Subscriptions = 4;

    private static readonly byte[][] Paths =
    [
        .. new[]
        {
            "", "a", "b", "c", "d", "d/a", "d/b", "d/d", ".", "..", "./a", "d/..", "d/../a", "../a", "/", "/a", "a/", "d/", "link", "loop", "link/a", "missing/a", "a/b", "\0", "a\0b", "ä",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0x61, 0x80],
    ];

    private static readonly int[] Integers =
    [
        0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 31, 32, 100, 255, 256, 1023, 1024, 1025, 4095, 4096, 4097, 65535, 65536, 65537,
        ForwardingModule.MemoryBytes - 1, ForwardingModule.MemoryBytes, ForwardingModule.MemoryBytes + 1, int.MaxValue, int.MinValue, -1, -2, -8, -65536,
    ];

    private static readonly long[] Longs =
    [
        0, 1, 2, 3, 100, 4096, 65536, 1_000_000, int.MaxValue, uint.MaxValue, 1L << 32, long.MaxValue, long.MaxValue - 1, long.MinValue, -1, -2, (1 << 30) - 1, 0x1FFFFFFF, 1_700_000_000_000_000_000,
    ];

    /// <summary>None, those for reading, for reading and writing, all of a file, and all of a directory.</summary>
    private static readonly long[] RightsSets = [0, (long)Rights.FdRead, (long)(Rights.FdRead | Rights.FdWrite), (long)Rights.OfFile, (long)Rights.OfDirectory];

    private int _lastPath;

    /// <summary>Where a path stands in memory.</summary>
    public static int AddressOf(string path) => PathsAt + Array.FindIndex(Paths, bytes => bytes.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(path))) * PathBytes;

    /// <summary>Writes the paths, vectors and subscriptions that arguments point to.</summary>
    public void Fill(Span<byte> memory)
    {
        for (var i = 0; i < Paths.Length; i++)
            Paths[i].CopyTo(memory[(PathsAt + i * PathBytes)..]);
        for (var i = 0; i < Vectors; i++)
        {
            var vector = memory[(VectorsAt + 8 * i)..];
            BinaryPrimitives.WriteInt32LittleEndian(vector, random.OneIn(30) ? Integer() : 65536 + random.Below(65536));
            BinaryPrimitives.WriteInt32LittleEndian(vector[4..], random.OneIn(30) ? Integer() : random.Below(random.OneIn(5) ? 65536 : 64));
        }

        for (var i = 0; i < Subscriptions; i++)
        {
            var subscription = memory[(SubscriptionsAt + 48 * i)..];
            BinaryPrimitives.WriteUInt64LittleEndian(subscription, random.Next());
            subscription[8] = (byte)random.Below(random.OneIn(10) ? 256 : 3);
            BinaryPrimitives.WriteInt32LittleEndian(subscription[16..], random.OneIn(10) ? Integer() : random.Below(8));
            BinaryPrimitives.WriteInt64LittleEndian(subscription[24..], random.OneIn(10) ? Long() : random.Below(2_000_000));
            BinaryPrimitives.WriteInt16LittleEndian(subscription[40..], (short)(random.OneIn(10) ? Integer() : random.Below(2)));
        }
    }

    /// <summary>A value for a parameter.</summary>
    public Value For(string name, Type type)
    {
        if (name is "rights" or "inheriting" && !random.OneIn(4))
            return random.Pick(RightsSets);
        if (type == typeof(long))
            return random.OneIn(2) ? random.Below(200) : Long();
        if (random.OneIn(8))
            return Integer();
        switch (name)
        {
            case "fd" or "newFd" or "to":
                return random.Below(10);
            case "path" or "newPath" or "target":
                _lastPath = random.Below(Paths.Length);
                return PathsAt + _lastPath * PathBytes;
            case "length" or "newLength" or "targetLength":
                return random.OneIn(4) ? random.Below(300) : Paths[_lastPath].Length;
            case "vectors":
                return VectorsAt;
            case "subscriptions":
                return SubscriptionsAt;
            case "count":
                return random.Below(Subscriptions + 1);
            case "flags" or "openFlags" or "lookupFlags" or "fdFlags" or "timeFlags" or "whence" or "advice" or "clock" or "how":
                return random.Below(random.OneIn(4) ? 64 : 8);
            default:
                return random.Below(ForwardingModule.MemoryBytes);
        }
    }

    private int Integer() => random.OneIn(2) ? random.Pick(Integers) : (int)random.Next();

    private long Long() => random.OneIn(2) ? random.Pick(Longs) : (long)random.Next();
}
