using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Fermata.Validation;

/// <summary>The structure of a recursive group: equal keys, equal types.</summary>
/// <remarks>
/// Section 3.1.3 "Rolling and Unrolling" (rolling up): references within the group are positions in the group, references
/// out of it are identities, so the key does not depend on the module.
/// </remarks>
/// <param name="tokens">The members.</param>
/// <param name="outside">The identities of the types outside of the group that they refer to, one for each reference.</param>
internal readonly struct RecGroupKey(int[] tokens, int[] outside) : IEquatable<RecGroupKey>
{
    private readonly int[] _tokens = tokens;
    private readonly int[] _outside = outside;
    private readonly int _hash = Hash(tokens, outside);

    public bool Equals(RecGroupKey other) =>
        _hash == other._hash && _tokens.AsSpan().SequenceEqual(other._tokens) && _outside.AsSpan().SequenceEqual(other._outside);

    public override bool Equals(object? obj) => obj is RecGroupKey other && Equals(other);

    public override int GetHashCode() => _hash;

    /// <summary>What the group is by structure alone, the same in each process: of the types outside it takes their own structure.</summary>
    /// <param name="typeOf">The type with an identity.</param>
    public byte[] HashStructure(Func<int, DefinedType> typeOf)
    {
        var structure = new List<byte>();
        structure.AddRange(BitConverter.GetBytes(_tokens.Length));
        structure.AddRange(MemoryMarshal.AsBytes(_tokens.AsSpan()));
        foreach (var identity in _outside)
            typeOf(identity).AppendStructure(structure);
        return SHA256.HashData(CollectionsMarshal.AsSpan(structure));
    }

    private static int Hash(int[] tokens, int[] outside)
    {
        var hash = new HashCode();
        hash.AddBytes(MemoryMarshal.AsBytes(tokens.AsSpan()));
        hash.AddBytes(MemoryMarshal.AsBytes(outside.AsSpan()));
        return hash.ToHashCode();
    }
}
