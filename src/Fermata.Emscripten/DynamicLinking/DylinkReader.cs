using System.Text;

namespace Fermata.Emscripten.DynamicLinking;

/// <summary>Reads <see cref="DylinkSection"/>, which is a list of subsections: kind, length, content. Kinds that are not known are passed over.</summary>
/// <param name="bytes">The content of the section.</param>
internal ref struct DylinkReader(ReadOnlySpan<byte> bytes)
{
    private const int MemoryInfo = 1, Needed = 2, ImportInfo = 4, RuntimePath = 5;

    /// <summary>The binding of a symbol, in its flags, and the weak one.</summary>
    private const uint BindingMask = 3, Weak = 1;

    /// <summary>The greatest alignment, as a power of two: a page.</summary>
    private const uint MostAlignment = 16;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <exception cref="DynamicLinkException">It is malformed.</exception>
    public DylinkSection Read()
    {
        var section = new DylinkSection();
        while (!_rest.IsEmpty)
        {
            var kind = ReadByte();
            var content = new DylinkReader(ReadBytes(ReadNumber()));
            section = kind switch
            {
                MemoryInfo => content.ReadMemoryInfo(section),
                Needed => section with { Needed = content.ReadTexts() },
                ImportInfo => section with { Weak = content.ReadWeak() },
                RuntimePath => section with { RuntimePaths = content.ReadTexts() },
                _ => section,
            };
        }

        return section;
    }

    private DylinkSection ReadMemoryInfo(DylinkSection section) => section with
    {
        MemorySize = ReadNumber(),
        MemoryAlignment = ReadAlignment(),
        TableSize = ReadNumber(),
        TableAlignment = ReadAlignment(),
    };

    private int ReadAlignment()
    {
        var power = ReadNumber();
        return power <= MostAlignment ? (int)power : throw Malformed($"an alignment of 2 to the power of {power} is more than a page");
    }

    private List<string> ReadTexts()
    {
        var texts = new List<string>();
        for (var count = ReadNumber(); count > 0; count--)
            texts.Add(ReadText());
        return texts;
    }

    private HashSet<string> ReadWeak()
    {
        var weak = new HashSet<string>(StringComparer.Ordinal);
        for (var count = ReadNumber(); count > 0; count--)
        {
            ReadText();
            var symbol = ReadText();
            if ((ReadNumber() & BindingMask) == Weak)
                weak.Add(symbol);
        }

        return weak;
    }

    private string ReadText() => Encoding.UTF8.GetString(ReadBytes(ReadNumber()));

    private byte ReadByte() => ReadBytes(1)[0];

    private ReadOnlySpan<byte> ReadBytes(uint count)
    {
        if (count > (uint)_rest.Length)
            throw Malformed("it ends too early");
        var bytes = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return bytes;
    }

    /// <summary>An unsigned LEB128 number of 32 bits (section 5.2.2 "Integers").</summary>
    private uint ReadNumber()
    {
        const int bitsOfByte = 7, bits = 32;
        var value = 0ul;
        for (var shift = 0; shift < bits; shift += bitsOfByte)
        {
            var part = ReadByte();
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return value <= uint.MaxValue ? (uint)value : throw Malformed("a number has more than 32 bits");
        }

        throw Malformed("a number has more than 32 bits");
    }

    private static DynamicLinkException Malformed(string what) => new($"malformed section {DylinkSection.Name}: {what}");
}
