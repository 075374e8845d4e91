using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Fermata.Validation;

/// <summary>The structure of a recursive group: equal keys, equal types.</summary>
/// <remarks>
/// Section 3.1.3 "Rolling and Unrolling" (rolling up): references within the group are positions in the group, references
/// out of it are the types themselves, so the key does not depend on the module.
/// </remarks>
/// <param name="tokens">The members.</param>
/// <param name="outside">The types outside of the group that they refer to, one for each reference.</param>
internal readonly struct RecGroupKey(int[] tokens, DefinedType[] outside) : IEquatable<RecGroupKey>
{
    private readonly int[] _tokens = tokens;
    private readonly DefinedType[] _outside = outside;
    private readonly int _hash = Hash(tokens, outside);

    public bool Equals(RecGroupKey other) =>
        _hash == other._hash && _tokens.AsSpan().SequenceEqual(other._tokens) && _outside.AsSpan().SequenceEqual(other._outside);

    public override bool Equals(object? obj) => obj is RecGroupKey other && Equals(other);

    public override int GetHashCode() => _hash;

    /// <summary>What the group is by structure alone, the same in each process: of the types outside it takes their own structure.</summary>
    public byte[] HashStructure()
    {
        var structure = new List<byte>();
        structure.AddRange(BitConverter.GetBytes(_tokens.Length));
        structure.AddRange(MemoryMarshal.AsBytes(_tokens.AsSpan()));
        foreach (var type in _outside)
            type.AppendStructure(structure);
        return SHA256.HashData(CollectionsMarshal.AsSpan(structure));
    }

    private static int Hash(int[] tokens, DefinedType[] outside)
    {
        var hash = new HashCode();
        hash.AddBytes(MemoryMarshal.AsBytes(tokens.AsSpan()));
        foreach (var type in outside)
            hash.Add(type.Id);
        return hash.ToHashCode();
    }
}
