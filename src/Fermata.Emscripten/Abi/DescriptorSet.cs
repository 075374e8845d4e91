using System.Runtime.InteropServices;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.Abi;

/// <summary><c>fd_set</c>: a bit for each file descriptor, in words of 32 bits.</summary>
internal sealed class DescriptorSet
{
    /// <summary><c>FD_SETSIZE</c>.</summary>
    public const int Most = 1024;

    private const int BitsOfWord = 32;

    private readonly uint[] _words;

    /// <summary>An empty set.</summary>
    /// <param name="count">How many descriptors may be in it: those below.</param>
    public DescriptorSet(int count) => _words = new uint[(count + BitsOfWord - 1) / BitsOfWord];

    /// <summary>How many are in it.</summary>
    public int Count { get; private set; }

    /// <summary>Reads a set; a null pointer is an empty one.</summary>
    public static DescriptorSet Read(Caller caller, int address, int count)
    {
        var set = new DescriptorSet(count);
        if (address == 0)
            return set;
        var words = MemoryMarshal.Cast<byte, uint>(caller.GetSpan(address, set._words.Length * sizeof(uint)));
        for (var fd = 0; fd < count; fd++)
        {
            if ((words[fd / BitsOfWord] >> (fd % BitsOfWord) & 1) != 0)
                set.Add(fd);
        }

        return set;
    }

    /// <summary>Writes the set, but to a null pointer.</summary>
    public void Write(Caller caller, int address)
    {
        if (address != 0)
            MemoryMarshal.AsBytes<uint>(_words).CopyTo(caller.GetSpan(address, _words.Length * sizeof(uint)));
    }

    public bool Contains(int fd) => (_words[fd / BitsOfWord] >> (fd % BitsOfWord) & 1) != 0;

    /// <summary>Adds one that is not in it.</summary>
    public void Add(int fd)
    {
        _words[fd / BitsOfWord] |= 1u << (fd % BitsOfWord);
        Count++;
    }
}
