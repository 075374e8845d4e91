using System.Buffers.Binary;
using System.Text;

namespace Fermata.Fuzz.Emscripten;

/// <summary>Arguments for functions of Emscripten's: mostly what their parameters are named after, and otherwise whatever may be at the edge of something.</summary>
internal sealed class SystemCallArguments(RandomSource random)
{
    /// <summary>Where there is memory for the program's allocator, behind all else.</summary>
    public const int HeapAt = 3 * 65536, HeapBytes = 65536, MemoryBytes = HeapAt + HeapBytes;

    private const int TextsAt = 1024, TextBytes = 64, VectorsAt = 8192, Vectors = 8, PolledAt = 12288, Polled = 16, AddressAt = 16384, MessageAt = 16448, HintsAt = 16512, NumbersAt = 16640;

    private const int BuffersAt = 65536, BufferBytes = 65536;

    private static readonly string[] Texts =
    [
        "", "/", ".", "..", "/a", "a", "/d", "/d/a", "/d/new", "/new", "/link", "/loop", "/loop/a", "/missing/a", "/a/b", "a/", "/tmp", "/dev/null", "/dev/zero", "/dev/stdin", "\ufffd",
        "127.0.0.1", "::1", "0.0.0.0", "localhost", "name.example", "other.test", "80", "http", "65536", "tcp", "UDP", "-1",
    ];

    private static readonly int[] Integers =
    [
        0, 1, 2, 3, 4, 5, 7, 8, 10, 15, 16, 28, 31, 32, 64, 100, 128, 255, 256, 1023, 1024, 1025, 4095, 4096, 10_000, 10_001, 65535, 65536, MemoryBytes - 16, MemoryBytes - 1, MemoryBytes,
        MemoryBytes + 1, 0x800, 0x80000, 0x20000000, 0x40000000, int.MaxValue, int.MinValue, -1, -2, -8, -16, -100, -65536,
    ];

    private static readonly double[] Reals = [0, -1, 1, 20, 1e9, 1e300, double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    /// <summary>Where a text stands in memory.</summary>
    public static int AddressOf(string text) => TextsAt + (Array.IndexOf(Texts, text) * TextBytes);

    /// <summary>Writes the address of this machine, with any port.</summary>
    /// <returns>Where it is.</returns>
    public static int WriteLoopback(Span<byte> memory)
    {
        memory.Slice(AddressAt, 16).Clear();
        Put(memory, AddressAt, 2);
        Put(memory, AddressAt + 4, 0x0100007f);
        return AddressAt;
    }

    /// <summary>Writes the texts, vectors, addresses and structures that arguments point to.</summary>
    public void Fill(Span<byte> memory)
    {
        for (var i = 0; i < Texts.Length; i++)
            Encoding.UTF8.GetBytes(Texts[i] + '\0').CopyTo(memory[(TextsAt + (i * TextBytes))..]);
        for (var i = 0; i < Vectors; i++)
        {
            Put(memory, VectorsAt + (8 * i), random.OneIn(30) ? Integer() : Buffer());
            Put(memory, VectorsAt + (8 * i) + 4, random.OneIn(30) ? Integer() : random.Below(random.OneIn(5) ? BufferBytes : 64));
        }

        for (var i = 0; i < Polled; i++)
        {
            Put(memory, PolledAt + (8 * i), random.OneIn(10) ? Integer() : random.Below(16) - 1);
            Put(memory, PolledAt + (8 * i) + 4, random.OneIn(4) ? Integer() : 1 << random.Below(4));
        }

        // An address of this machine, mostly, to which nothing goes but datagrams and refused connections: nobody listens but the program.
        memory.Slice(AddressAt, 32).Clear();
        Put(memory, AddressAt, random.OneIn(8) ? Integer() : (random.OneIn(4) ? 10 : 2) | random.Below(2) << 24);
        Put(memory, AddressAt + 4, random.OneIn(8) ? Integer() : 0x0100007f);
        foreach (var (index, value) in new[] { random.OneIn(3) ? 0 : AddressAt, random.OneIn(3) ? 28 : 16, VectorsAt, random.Below(Vectors), 0, 0, 0 }.Index())
            Put(memory, MessageAt + (4 * index), random.OneIn(20) ? Integer() : value);
        foreach (var (index, value) in new[] { 1 << random.Below(11), random.OneIn(2) ? 0 : 2, random.Below(3), random.OneIn(3) ? 6 : 0 }.Index())
            Put(memory, HintsAt + (4 * index), random.OneIn(10) ? Integer() : value);
        for (var i = 0; i < 32; i++)
            Put(memory, NumbersAt + (4 * i), random.OneIn(2) ? Integer() : random.Below(64));
    }

    /// <summary>A value for a parameter.</summary>
    public Value For(string name, Type type)
    {
        if (type == typeof(long))
            return random.OneIn(2) ? random.Below(200) : random.OneIn(2) ? Integer() : (long)random.Next();
        if (type == typeof(double))
            return random.Pick(Reals);
        if (random.OneIn(8))
            return Integer();
        return name switch
        {
            "fd" or "wanted" or "directory" or "newDirectory" => random.OneIn(6) ? -100 : random.Below(12),
            "path" or "newPath" or "target" or "name" or "node" or "service" or "condition" or "file" or "function" => TextsAt + (random.Below(Texts.Length) * TextBytes),
            "vectors" => VectorsAt,
            "descriptors" or "readable" or "writable" or "exceptional" => random.OneIn(5) ? 0 : PolledAt,
            "message" => MessageAt,
            "hints" => random.OneIn(4) ? 0 : HintsAt,
            "timeout" => random.OneIn(3) ? NumbersAt + (4 * random.Below(16)) : random.Below(3) - 1,
            "address" => random.OneIn(3) ? Buffer() : AddressAt,
            "arguments" or "times" or "timeZone" or "fields" => random.OneIn(4) ? 16 : NumbersAt + (4 * random.Below(16)),
            "addressLength" => random.OneIn(4) ? NumbersAt : 16,
            "length" or "size" or "nodeLength" or "serviceLength" => random.OneIn(2) ? random.OneIn(2) ? 16 : 28 : random.OneIn(2) ? NumbersAt : random.Below(300),
            "count" => random.Below(Vectors),
            "family" => random.OneIn(3) ? 10 : 2,
            "type" => (1 + random.Below(2)) | (random.OneIn(2) ? 0x800 : 0),
            "protocol" => random.OneIn(3) ? 6 : 0,
            "level" => random.OneIn(3) ? 6 : 1,
            "command" => random.Below(16),
            "request" => 0x5400 + random.Below(0x30),
            "flags" or "mode" or "protection" or "access" or "advice" or "how" or "kind" or "which" or "mask" or "option" or "backlog" or "whence" =>
                random.OneIn(4) ? 1 << random.Below(32) : random.Below(8),
            _ => Buffer(),
        };
    }

    private static void Put(Span<byte> memory, int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(memory[at..], value);

    private int Buffer() => BuffersAt + random.Below(BufferBytes);

    private int Integer() => random.OneIn(2) ? random.Pick(Integers) : (int)random.Next();
}
