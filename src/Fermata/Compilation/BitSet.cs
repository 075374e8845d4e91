using System.Numerics;

namespace Fermata.Compilation;

/// <summary>A set of small numbers; all sets that meet have the same size.</summary>
internal readonly struct BitSet(int size)
{
    private readonly ulong[] _words = new ulong[(size + 63) / 64];

    public bool this[int index] => (_words[index >> 6] >> index & 1) != 0;

    public int Count
    {
        get
        {
            var count = 0;
            foreach (var word in _words)
                count += BitOperations.PopCount(word);
            return count;
        }
    }

    public void Add(int index) => _words[index >> 6] |= 1UL << index;

    public void Remove(int index) => _words[index >> 6] &= ~(1UL << index);

    public void Clear() => Array.Clear(_words);

    public void CopyFrom(BitSet other) => other._words.CopyTo(_words, 0);

    /// <summary>Adds the members of another set; true if any was new.</summary>
    public bool UnionWith(BitSet other)
    {
        var added = 0UL;
        for (var i = 0; i < _words.Length; i++)
        {
            added |= other._words[i] & ~_words[i];
            _words[i] |= other._words[i];
        }

        return added != 0;
    }

    /// <summary>Removes what is not in another set.</summary>
    public void IntersectWith(BitSet other)
    {
        for (var i = 0; i < _words.Length; i++)
            _words[i] &= other._words[i];
    }

    public void AddTo(List<int> members)
    {
        for (var i = 0; i < _words.Length; i++)
        {
            for (var word = _words[i]; word != 0; word &= word - 1)
                members.Add((i << 6) + BitOperations.TrailingZeroCount(word));
        }
    }
}
