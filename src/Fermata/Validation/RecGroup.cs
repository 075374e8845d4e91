using Fermata.Structure;

namespace Fermata.Validation;

/// <summary>A recursive group of types as the engine knows it: two equal groups that are in use are the same object.</summary>
/// <remarks>
/// Its members keep it, and it keeps them and all types that it refers to, so that identities in <see cref="DefinedType.Composite"/> are those of types
/// that exist.
/// </remarks>
internal sealed class RecGroup
{
    /// <param name="key">The structure.</param>
    /// <param name="members">The definitions.</param>
    /// <param name="firstId">The identity of the first member; those of the others follow.</param>
    /// <param name="firstIndex">The type index of the first member; those below are other types.</param>
    /// <param name="outside">The type at an index below that.</param>
    public RecGroup(RecGroupKey key, SubType[] members, int firstId, int firstIndex, Func<int, DefinedType> outside)
    {
        Key = key;
        Members = new DefinedType[members.Length];
        for (var i = 0; i < members.Length; i++)
        {
            var supertype = members[i].Supertypes is [var index, ..] ? At(index) : null;
            Members[i] = new DefinedType(firstId + i, members[i].IsFinal, supertype, this, i);
        }

        for (var i = 0; i < members.Length; i++)
            Members[i].Composite = TypeResolver.Resolve(members[i].Composite, type => type.IsDefined ? HeapType.Defined(At(type.Number).Id) : type);

        DefinedType At(int index) => index >= firstIndex ? Members[index - firstIndex] : outside(index);
    }

    public RecGroupKey Key { get; }

    /// <summary>The hash of the structure, made when it is first asked for.</summary>
    public byte[] StructureHash => field ??= Key.HashStructure();

    public DefinedType[] Members { get; }
}
