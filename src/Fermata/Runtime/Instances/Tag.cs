using Fermata.Validation;

namespace Fermata;

/// <summary>A tag: the kind of an exception, and which values an exception of this kind carries.</summary>
/// <remarks>Section 4.2.11 "Tag Instances". Two tags of the same type are different kinds.</remarks>
public sealed class Tag
{
    internal Tag(Store store, DefinedType type)
    {
        Store = store;
        DefinedType = type;
        (NumberCount, ReferenceCount) = Runtime.SlotLayout.Count(type.Func!.ParameterArray);
    }

    /// <summary>A new tag.</summary>
    /// <param name="store">The store that it belongs to.</param>
    /// <param name="parameters">The types of the values that its exceptions carry.</param>
    /// <exception cref="InvalidOperationException">A type refers to one of a module that is gone (<see cref="HeapType"/>).</exception>
    public Tag(Store store, params ValType[] parameters)
        : this(Require(store), store.Engine.Types.Intern(new FuncType([.. parameters ?? []], [])))
    {
    }

    /// <summary>The store that the tag belongs to.</summary>
    public Store Store { get; }

    /// <summary>The types of the values that the exceptions carry.</summary>
    public TagType Type => new(DefinedType);

    internal DefinedType DefinedType { get; }

    internal int NumberCount { get; }

    internal int ReferenceCount { get; }

    private static Store Require(Store store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store;
    }
}
