using Fermata.Structure;

namespace Fermata.Validation;

/// <summary>What validation makes of a module's type section, for all that comes after.</summary>
internal sealed class ModuleTypes(TypeRegistry registry, DefinedType[] types)
{
    public TypeRegistry Registry { get; } = registry;

    /// <summary>The type index space.</summary>
    public DefinedType[] Types { get; } = types;

    /// <summary>The function type at a type index that validation found to be one.</summary>
    public FuncType FuncType(int typeIndex) => (FuncType)Types[typeIndex].Composite;

    /// <summary>A type as decoded, with the module's type indices replaced by identities.</summary>
    public HeapType Resolve(HeapType type) => type.IsDefined ? HeapType.Defined(Types[type.Number].Id) : type;

    /// <inheritdoc cref="Resolve(HeapType)"/>
    public ValType Resolve(ValType type) => type.IsRef ? ValType.Ref(type.IsNullable, Resolve(type.Heap)) : type;
}
