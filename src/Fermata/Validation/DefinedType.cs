namespace Fermata.Validation;

/// <summary>A type that some module or host defined, as the engine knows it: two equal types are the same object.</summary>
/// <remarks>Section 3.2.10 "Defined Types"; types in <see cref="Composite"/> are resolved (see <see cref="HeapType"/>).</remarks>
internal sealed class DefinedType(int id, bool isFinal, DefinedType? supertype)
{
    /// <summary>The identity: dense numbers from 0, stable for the life of the engine.</summary>
    public int Id { get; } = id;

    public bool IsFinal { get; } = isFinal;

    public DefinedType? Supertype { get; } = supertype;

    public CompositeType Composite { get; internal set; } = null!;

    public FuncType? Func => Composite as FuncType;
}
