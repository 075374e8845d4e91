using System.Text;

namespace Fermata.Emscripten.Linking;

/// <summary>What a side module tells the linker: the custom section <c>dylink.0</c> of "WebAssembly Dynamic Linking" in the conventions of WebAssembly's tools.</summary>
/// <param name="MemorySize">How many bytes of memory it has for its data.</param>
/// <param name="MemoryAlignment">What their address is a multiple of.</param>
/// <param name="TableSize">How many elements it has in the table of functions.</param>
/// <param name="Needed">The names of libraries that it needs.</param>
/// <param name="WeakImports">Symbols that need not be there.</param>
internal sealed record DynamicSection(uint MemorySize, uint MemoryAlignment, uint TableSize, IReadOnlyList<string> Needed, IReadOnlySet<string> WeakImports)
{
    public const string Name = "dylink.0";

    private const byte MemoryInfo = 1, NeededLibraries = 2, ImportInfo = 4;

    private const uint BindingMask = 3, WeakBinding = 1;

    private const int LargestAlignment = 16;

    /// <summary>Reads the section.</summary>
    /// <exception cref="FormatException">It is not well-formed.</exception>
    public static DynamicSection Read(ReadOnlySpan<byte> content)
    {
        var section = new DynamicSection(0, 1, 0, [], new HashSet<string>());
        while (!content.IsEmpty)
        {
            var kind = content[0];
            content = content[1..];
            var part = ReadBytes(ref content);
            section = kind switch
            {
                MemoryInfo => section.WithMemory(part),
                NeededLibraries => section with { Needed = ReadNames(part) },
                ImportInfo => section with { WeakImports = ReadWeakImports(part) },
                _ => section,
            };
        }

        return section;
    }

    private DynamicSection WithMemory(ReadOnlySpan<byte> part)
    {
        var (memorySize, alignment, tableSize, tableAlignment) = (ReadNumber(ref part), ReadNumber(ref part), ReadNumber(ref part), ReadNumber(ref part));
        return alignment > LargestAlignment || tableAlignment != 0
            ? throw new FormatException($"{Name} asks for memory at a multiple of 2^{alignment} and functions at a multiple of 2^{tableAlignment}: at most 2^{LargestAlignment} and 2^0 are supported")
            : this with { MemorySize = memorySize, MemoryAlignment = 1u << (int)alignment, TableSize = tableSize };
    }

    private static List<string> ReadNames(ReadOnlySpan<byte> part)
    {
        var names = new List<string>();
        for (var rest = ReadNumber(ref part); rest > 0; rest--)
            names.Add(ReadName(ref part));
        return names;
    }

    private static HashSet<string> ReadWeakImports(ReadOnlySpan<byte> part)
    {
        var weak = new HashSet<string>();
        for (var rest = ReadNumber(ref part); rest > 0; rest--)
        {
            _ = ReadName(ref part);
            var symbol = ReadName(ref part);
            if ((ReadNumber(ref part) & BindingMask) == WeakBinding)
                weak.Add(symbol);
        }

        return weak;
    }

    private static string ReadName(ref ReadOnlySpan<byte> content) => Encoding.UTF8.GetString(ReadBytes(ref content));

    private static ReadOnlySpan<byte> ReadBytes(ref ReadOnlySpan<byte> content)
    {
        var length = ReadNumber(ref content);
        if (length > content.Length)
            throw Truncated();
        var bytes = content[..(int)length];
        content = content[(int)length..];
        return bytes;
    }

    /// <summary>An unsigned integer of 32 bits (section 5.2.2 "Integers").</summary>
    private static uint ReadNumber(ref ReadOnlySpan<byte> content)
    {
        const int bitsOfByte = 7, longest = 5;
        var value = 0ul;
        for (var index = 0; index < Math.Min(longest, content.Length); index++)
        {
            value |= (ulong)(content[index] & 0x7f) << (index * bitsOfByte);
            if (content[index] >= 0x80)
                continue;
            content = content[(index + 1)..];
            return value <= uint.MaxValue ? (uint)value : throw Truncated();
        }

        throw Truncated();
    }

    private static FormatException Truncated() => new($"{Name} ends within a value, or has an integer of more than 32 bits");
}
