using System.Runtime.InteropServices;

namespace Fermata.Validation;

/// <summary>The structure of a recursive group: equal keys, equal types.</summary>
/// <remarks>
/// Section 3.1.4 "Recursive Types" (rolling up): references within the group are positions in the group, references
/// out of it are identities, so the key does not depend on the module.
/// </remarks>
internal readonly struct RecGroupKey(int[] tokens) : IEquatable<RecGroupKey>
{
    private readonly int[] _tokens = tokens;
    private readonly int _hash = Hash(tokens);

    public bool Equals(RecGroupKey other) => _hash == other._hash && _tokens.AsSpan().SequenceEqual(other._tokens);

    public override bool Equals(object? obj) => obj is RecGroupKey other && Equals(other);

    public override int GetHashCode() => _hash;

    private static int Hash(int[] tokens)
    {
        var hash = new HashCode();
        hash.AddBytes(MemoryMarshal.AsBytes(tokens.AsSpan()));
        return hash.ToHashCode();
    }
}
