using Fermata.Structure;

namespace Fermata.Validation;

/// <summary>The defined types of an engine, each structure once; safe for use by several threads.</summary>
/// <remarks>
/// Section 3.1.3 "Rolling and Unrolling": types are equal when the whole groups that define them are. Reading takes no lock. Types are
/// never removed.
/// </remarks>
internal sealed partial class TypeRegistry
{
    private readonly Lock _gate = new();
    private readonly Dictionary<RecGroupKey, DefinedType[]> _groups = [];
    private DefinedType[] _types = new DefinedType[64];
    private int _count;

    /// <summary>The type with an identity that the registry gave.</summary>
    public DefinedType Get(int id) => Volatile.Read(ref _types)[id];

    /// <summary>The types of a recursive group; equal groups give the same objects.</summary>
    /// <param name="group">The group as decoded, with references to types that are defined and supertypes that stand before.</param>
    /// <param name="earlier">The module's types before the group, by type index.</param>
    public DefinedType[] Define(RecType group, IReadOnlyList<DefinedType> earlier)
    {
        var key = new RecGroupEncoder(group.FirstIndex, index => earlier[index].Id).Encode(group.Members);
        return Define(key, group.Members, group.FirstIndex, index => earlier[index]);
    }

    /// <summary>The final type, alone in its group, of a function whose own types are resolved.</summary>
    public DefinedType Intern(FuncType type)
    {
        SubType[] members = [new SubType(true, [], type)];
        var key = new RecGroupEncoder(int.MaxValue, id => id).Encode(members);
        return Define(key, members, int.MaxValue, Get)[0];
    }

    private DefinedType[] Define(RecGroupKey key, SubType[] members, int firstIndex, Func<int, DefinedType> outside)
    {
        lock (_gate)
        {
            if (_groups.TryGetValue(key, out var known))
                return known;

            var types = new DefinedType[members.Length];
            var firstId = _count;
            var hash = key.HashStructure(Get);
            for (var i = 0; i < types.Length; i++)
            {
                var supertype = members[i].Supertypes is [var index, ..] ? At(index) : null;
                types[i] = new DefinedType(firstId + i, members[i].IsFinal, supertype, hash, i);
            }

            for (var i = 0; i < types.Length; i++)
                types[i].Composite = TypeResolver.Resolve(members[i].Composite, ResolveHeap);
            Append(types);
            _groups.Add(key, types);
            return types;

            DefinedType At(int index) => index >= firstIndex ? types[index - firstIndex] : outside(index);

            HeapType ResolveHeap(HeapType type) => type.IsDefined ? HeapType.Defined(At(type.Number).Id) : type;
        }
    }

    /// <summary>Readers see either array; every identity that is out there is in both.</summary>
    private void Append(DefinedType[] types)
    {
        var array = _types;
        if (_count + types.Length > array.Length)
            Array.Resize(ref array, Math.Max(array.Length * 2, _count + types.Length));
        types.CopyTo(array, _count);
        _count += types.Length;
        Volatile.Write(ref _types, array);
    }
}
