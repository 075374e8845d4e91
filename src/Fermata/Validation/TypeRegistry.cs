using Fermata.Structure;

namespace Fermata.Validation;

/// <summary>The defined types of an engine, each structure once; safe for use by several threads.</summary>
/// <remarks>
/// <para>
/// Section 3.1.3 "Rolling and Unrolling": types are equal when the whole groups that define them are. Reading takes no lock.
/// </para>
/// <para>
/// The registry keeps no type: modules, functions, tables, globals, tags and objects do, and a type goes with the last of them. An equal one that is
/// defined later has another identity, as a number may still be in somebody's <see cref="HeapType"/>.
/// </para>
/// </remarks>
/// <param name="firstId">The first identity.</param>
internal sealed partial class TypeRegistry(int firstId = 0)
{
    private readonly Lock _gate = new();
    private readonly RecGroupTable _groups = new();
    private readonly RecGroupPages _byId = new();
    private int _nextId = firstId;
    private int _sweptCollections;

    /// <summary>How many groups it remembers, with those that are gone and that it did not notice yet.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _groups.Count;
        }
    }

    /// <summary>The type with an identity that the registry gave.</summary>
    /// <exception cref="InvalidOperationException">The type is gone.</exception>
    public DefinedType Get(int id) => _byId.Find(id) ?? throw new InvalidOperationException(
        $"The engine has no type {id} any more: nothing that uses it is left. Keep the module as long as types of it are used.");

    /// <summary>What a value type refers to, if that is a defined type.</summary>
    /// <inheritdoc cref="Get"/>
    public DefinedType? Definition(ValType type) => type.IsRef && type.Heap.IsDefined ? Get(type.Heap.Number) : null;

    /// <summary>The types of a recursive group; equal groups give the same objects.</summary>
    /// <param name="group">The group as decoded, with references to types that are defined and supertypes that stand before.</param>
    /// <param name="earlier">The module's types before the group, by type index.</param>
    /// <exception cref="NotSupportedException">There are no more identities.</exception>
    public DefinedType[] Define(RecType group, IReadOnlyList<DefinedType> earlier) =>
        Define(group.Members, group.FirstIndex, index => earlier[index]);

    /// <summary>The final type, alone in its group, of a function whose own types are resolved.</summary>
    /// <exception cref="InvalidOperationException">One of these is gone.</exception>
    /// <exception cref="NotSupportedException">There are no more identities.</exception>
    public DefinedType Intern(FuncType type) => Define([new SubType(true, [], type)], int.MaxValue, Get)[0];

    private DefinedType[] Define(SubType[] members, int firstIndex, Func<int, DefinedType> outside)
    {
        // A group may have no members.
        if (members.Length == 0)
            return [];
        var key = new RecGroupEncoder(firstIndex, outside).Encode(members);
        lock (_gate)
        {
            if (_groups.Find(key) is { } known)
                return known.Members;

            SweepIfCollected();
            if (members.Length > int.MaxValue - _nextId)
                throw new NotSupportedException($"The engine has told {_nextId} types apart, and cannot tell more. Make another engine.");
            var group = new RecGroup(key, members, _nextId, firstIndex, outside);
            _nextId += members.Length;
            var reference = new RecGroupReference(group);
            _byId.Add(reference, members.Length);
            _groups.Add(reference);
            return group.Members;
        }
    }

    /// <summary>Nothing goes but by a collection, and most only by a full one, which takes longer than this.</summary>
    private void SweepIfCollected()
    {
        var collections = GC.CollectionCount(GC.MaxGeneration);
        if (collections == _sweptCollections)
            return;
        _sweptCollections = collections;
        _groups.Sweep();
        _byId.Sweep();
    }
}
